// The four bytes that begin every MP3 frame (ISO 11172-3, 2.4.1.3; ISO 13818-3), and the tag that encoders put into the
// first one.

export interface MpegHeader {
  /** Frames (samples of all channels) per second. */
  readonly rate: number;
  readonly channels: number;
  /** Of the whole frame, header included. */
  readonly bytes: number;
  /** Sound in it: 1152 or 576. */
  readonly samples: number;
}

const bitrates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitrates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const rates1 = [44_100, 48_000, 32_000];

export const headerBytes = 4;

/** Undefined where no frame of layer III begins. */
export function parseMpegHeader(bytes: Uint8Array): MpegHeader | undefined {
  const [a, b, c, d] = bytes;
  if (a !== 0xff || b === undefined || c === undefined || d === undefined || (b & 0xe6) !== 0xe2) return undefined;
  const version = (b >> 3) & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  if (version === 1) return undefined;
  const first = version === 3;
  const bitrate = (first ? bitrates1 : bitrates2)[c >> 4];
  const base = rates1[(c >> 2) & 3];
  if (!bitrate || !base) return undefined;
  const rate = first ? base : version === 2 ? base / 2 : base / 4;
  const samples = first ? 1152 : 576;
  const bytesOfFrame = Math.floor((samples / 8) * ((bitrate * 1000) / rate)) + ((c >> 1) & 1);
  return { rate, channels: d >> 6 === 3 ? 1 : 2, bytes: bytesOfFrame, samples };
}

/** What the first frame tells when it holds no sound but a description of the file. */
export interface Description {
  /** MP3 frames that follow. */
  readonly frames: number | undefined;
  /** Samples that encoder and decoder put before the sound, and the encoder behind it. */
  readonly before: number;
  readonly behind: number;
}

/** A decoder's own delay, in samples; part of what LAME's delay does not count. */
const decoderDelay = 529;

function textAt(frame: Uint8Array, at: number): string {
  return String.fromCharCode(...frame.subarray(at, at + 4));
}

export function describe(frame: Uint8Array, header: MpegHeader): Description | undefined {
  if (textAt(frame, 36) === 'VBRI') return { frames: undefined, before: 0, behind: 0 };
  const mono = header.channels === 1;
  const sideInfo = header.samples === 1152 ? (mono ? 17 : 32) : mono ? 9 : 17;
  const at = headerBytes + sideInfo;
  if (!['Xing', 'Info'].includes(textAt(frame, at)) || frame.length < at + 8) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const flags = view.getUint32(at + 4);
  const frames = flags & 1 && frame.length >= at + 12 ? view.getUint32(at + 8) : undefined;
  const encoder = at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  if (frame.length < encoder + 24 || !/^(LAME|Lavc|Lavf)/.test(textAt(frame, encoder))) return { frames, before: 0, behind: 0 };
  const [x, y, z] = [frame[encoder + 21]!, frame[encoder + 22]!, frame[encoder + 23]!];
  const delay = (x << 4) | (y >> 4);
  const padding = ((y & 15) << 8) | z;
  return { frames, before: delay + decoderDelay, behind: Math.max(0, padding - decoderDelay) };
}
