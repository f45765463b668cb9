// Little-endian PCM to the numbers that Web Audio takes: one array per channel, full scale is 1.
// 16 and 24 bits fit a 32-bit float exactly; of 32-bit integers it keeps the upper 25.

import type { Encoding } from './pcm_header';

type ReadSample = (view: DataView, at: number) => number;

const readers: Record<Encoding, { width: number; read: ReadSample }> = {
  s16: { width: 2, read: (view, at) => view.getInt16(at, true) / 0x8000 },
  s24: { width: 3, read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000 },
  s32: { width: 4, read: (view, at) => view.getInt32(at, true) / 0x80000000 },
  f32: { width: 4, read: (view, at) => view.getFloat32(at, true) },
};

/** Whole frames only; a rest that is shorter than a frame is left out. */
export function decodePcm(bytes: Uint8Array, encoding: Encoding, channels: number): Float32Array<ArrayBuffer>[] {
  const { width, read } = readers[encoding];
  const frames = Math.floor(bytes.length / (width * channels));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    for (let n = 0, at = channel * width; n < frames; n += 1, at += width * channels) samples[n] = read(view, at);
    return samples;
  });
}
