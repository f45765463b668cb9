// MP3s that hold no music: every frame carries its number, and the decoder makes sound of it that tells frame and sample.

import type { Sound } from '../../src/wsaudio/source';

export const frameBytes = 417; // 128 kbit/s at 44.1 kHz, without padding
export const frameSamples = 1152;

export function frame(number: number): Uint8Array {
  const bytes = new Uint8Array(frameBytes);
  bytes.set([0xff, 0xfb, 0x90, 0x40]);
  new DataView(bytes.buffer).setUint32(40, number);
  return bytes;
}

/** The first frame as LAME writes it: how many follow, and how much of their sound is not the music's. */
export function lameFrame(frames: number, delay: number, padding: number): Uint8Array {
  const bytes = frame(0);
  const at = 4 + 32;
  bytes.set([...'Info'].map((c) => c.charCodeAt(0)), at);
  const view = new DataView(bytes.buffer);
  view.setUint32(at + 4, 15);
  view.setUint32(at + 8, frames);
  const lame = at + 120;
  bytes.set([...'LAME3.100'].map((c) => c.charCodeAt(0)), lame);
  bytes.set([delay >> 4, ((delay & 15) << 4) | (padding >> 8), padding & 255], lame + 21);
  return bytes;
}

export function id3(length: number): Uint8Array {
  const bytes = new Uint8Array(10 + length).fill(0xff);
  bytes.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, length >> 7, length & 127]);
  return bytes;
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function frames(from: number, to: number): Uint8Array {
  return joined(...Array.from({ length: to - from }, (_, n) => frame(from + n)));
}

/** Sample s of frame n is n * 1152 + s: a number of its own for every sample of the file. `cut`: as some decoders do. */
export function decodeNumbers(bytes: Uint8Array, cut = 0): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples: number[] = [];
  for (let at = 0; at + frameBytes <= bytes.length; at += frameBytes) {
    const number = view.getUint32(at + 40);
    for (let s = 0; s < frameSamples; s += 1) samples.push(number * frameSamples + s);
  }
  return [Float32Array.from(samples.slice(cut))];
}
