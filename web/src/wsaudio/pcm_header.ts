// The first message of a /pcm stream: how its samples are to be read.
//   {"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 8192}
// with "format": "float" where the samples are, and "first_frame" where it does not begin at the track's beginning.

export type Encoding = 's16' | 's24' | 's32' | 'f32';

export interface PcmHeader {
  /** Frames per second. */
  readonly rate: number;
  readonly channels: number;
  readonly encoding: Encoding;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
  /** Where in the track the samples begin. */
  readonly firstFrame: number;
}

export type PcmMessage =
  | { readonly type: 'header'; readonly header: PcmHeader }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'other' };

/** What an AudioContext must support, and what every browser does. */
const [lowestRate, highestRate] = [3000, 768_000];
const mostChannels = 32;

function whole(value: unknown, low: number, high: number, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw new Error(`The server describes its audio with ${what} ${JSON.stringify(value)}; it has to be ${low} to ${high}.`);
  }
  return value;
}

function isFloat(from: Record<string, unknown>): boolean {
  return from['format'] === 'float';
}

function header(from: Record<string, unknown>): PcmHeader {
  const rate = whole(from['rate'], lowestRate, highestRate, 'the rate');
  const channels = whole(from['channels'], 1, mostChannels, 'the channel count');
  const width = whole(from['sample_width'], 2, 4, 'the sample width');
  const encoding = width === 2 ? 's16' : width === 3 ? 's24' : isFloat(from) ? 'f32' : 's32';
  const firstFrame = from['first_frame'] === undefined ? 0 : whole(from['first_frame'], 0, 2 ** 40, 'the first frame');
  return { rate, channels, encoding, frameBytes: channels * width, firstFrame };
}

/** Throws on a header that cannot be followed. Text that is none of the protocol's messages is `other`. */
export function parsePcmMessage(text: string): PcmMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { type: 'other' };
  }
  if (typeof json !== 'object' || json === null) return { type: 'other' };
  const from = json as Record<string, unknown>;
  if (from['type'] === 'audio_header') return { type: 'header', header: header(from) };
  if (from['type'] === 'end') return { type: 'end' };
  if (from['type'] === 'error') return { type: 'error', message: String(from['message'] ?? 'The server cannot play this.') };
  return { type: 'other' };
}
