// A tick at every full second of the server: two devices that play it beside each other are set equal by ear.

import type { Live } from '../walk/types';
import type { Sound } from '../wsaudio/source';
import type { Material } from './asset_source';

export const ticksName = '\u0000ticks';
const ticksId = Number.MIN_SAFE_INTEGER;
const tone = 1800;
const decay = 0.006;
const gain = 0.6;

/** One second. */
export class Ticks implements Material {
  readonly length: number;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(readonly rate: number) {
    this.length = rate;
    this.samples = Float32Array.from({ length: rate }, (_, n) => {
      const t = n / rate;
      return t < 10 * decay ? gain * Math.sin(2 * Math.PI * tone * t) * Math.exp(-t / decay) : 0;
    });
  }

  ready(from: number): number {
    return this.length - from;
  }

  read(from: number, count: number): Sound {
    return [this.samples.slice(from, from + count)];
  }
}

/** From the server's beginning on, without end. */
export const ticks0: Live = { id: ticksId, name: null, asset: ticksName, a: 0, b: 1000, volume: 100, loop: true, start: 0, stop: null };
