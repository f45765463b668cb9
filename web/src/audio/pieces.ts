// Pieces of sound: a run of samples of a part, played over a run of frames of the device that may be a little longer or
// shorter. Both runs are whole numbers, so that pieces join; in between samples are interpolated. Pure.

import { lengthOf, type Sound } from '../wsaudio/source';
import type { Material } from './asset_source';

/** A part of a material: [first, first + length), again and again if it loops. */
export interface Passage {
  readonly material: Material;
  readonly first: number;
  readonly length: number;
  readonly loop: boolean;
}

/** Samples around those of a piece that interpolation looks at. */
export const before = 1;
export const behind = 2;

/** True if `count` samples from `from` on can be read; else they are being made ready. Outside of the passage is silence. */
export function isReady(passage: Passage, from: number, count: number): boolean {
  return runs(passage, from, count).every(({ at, count: run }) => passage.material.ready(at) >= Math.min(run, passage.material.length - at));
}

/** Exactly `count` samples from `from` on, two channels. */
export function readPassage(passage: Passage, from: number, count: number): Sound {
  const sound = [new Float32Array(count), new Float32Array(count)] as const;
  for (const { at, count: run, to } of runs(passage, from, count)) {
    let done = 0;
    while (done < run) {
      const piece = passage.material.read(at + done, run - done);
      const length = lengthOf(piece);
      if (length === 0) break;
      sound[0].set(piece[0]!, to + done);
      sound[1].set(piece[1] ?? piece[0]!, to + done);
      done += length;
    }
  }
  return sound;
}

interface Run {
  /** In the material, and in what is read. */
  readonly at: number;
  readonly to: number;
  readonly count: number;
}

function runs({ first, length, loop, material }: Passage, from: number, count: number): Run[] {
  const found: Run[] = [];
  let at = Math.max(from, 0);
  const end = Math.min(from + count, loop ? Infinity : length);
  while (at < end) {
    const within = loop ? at % length : at;
    const run = Math.min(end - at, length - within, Math.max(0, material.length - first - within));
    if (run > 0) found.push({ at: first + within, to: at - from, count: run });
    at += Math.max(run, loop ? length - within : end - at);
  }
  return found;
}

/** `taken` samples over `frames` frames. `sound` has `before` more in front and `behind` more at its end. */
export function stretched(sound: Sound, taken: number, frames: number): Sound {
  if (taken === frames) return sound.map((samples) => samples.slice(before, before + frames));
  const pace = taken / frames;
  return sound.map((samples) => {
    const out = new Float32Array(frames);
    for (let n = 0; n < frames; n += 1) {
      const place = n * pace;
      const whole = Math.floor(place);
      out[n] = between(samples, before + whole, place - whole);
    }
    return out;
  });
}

/** Catmull and Rom's curve through four samples. */
function between(samples: Float32Array, at: number, x: number): number {
  const [p, q, r, s] = [samples[at - 1]!, samples[at]!, samples[at + 1]!, samples[at + 2]!];
  return q + 0.5 * x * (r - p + x * (2 * p - 5 * q + 4 * r - s + x * (3 * (q - r) + s - p)));
}

/** Multiplies by a line from `from` at sample `begin` to `to` at sample `end`, in place; outside of it nothing changes. */
export function ramp(sound: Sound, begin: number, end: number, from: number, to: number): void {
  for (const samples of sound) {
    const last = Math.min(end, samples.length);
    for (let n = Math.max(0, Math.ceil(begin)); n < last; n += 1) {
      samples[n] = samples[n]! * (from + ((to - from) * (n - begin)) / (end - begin));
    }
  }
}

export function scale(sound: Sound, gain: number): void {
  if (gain === 1) return;
  for (const samples of sound) for (let n = 0; n < samples.length; n += 1) samples[n] = samples[n]! * gain;
}
