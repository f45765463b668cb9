// Sound that is decoded some seconds at a time, around where it is heard. What is decoded begins some MP3 frames early
// and is counted from its end: a frame needs those before it, and decoders differ in how much they cut off at the
// beginning. So the parts join sample by sample.

import { lengthOf, type Sound } from './source';

/** MP3 frames that are decoded before those that are wanted. */
export const framesEarly = 10;
const keptParts = 4;

export interface PartsPorts {
  /** Decodes part n: all of its frames, the last part's perhaps fewer. Undefined: it is not here yet. */
  load(part: number): Promise<Sound> | undefined;
  onMore(): void;
  onFailure(): void;
}

export class DecodedParts {
  private readonly parts = new Map<number, Sound | 'decoding'>();
  private heard = 0;

  /** `length`: samples of each part. */
  constructor(
    private readonly length: number,
    private readonly ports: PartsPorts,
  ) {}

  /** How many samples from `from` on are decoded. Begins to decode the part that is heard and the next one. */
  ready(from: number): number {
    let at = from;
    this.heard = this.partAt(at);
    for (let part = this.heard; part <= this.heard + 1; part += 1) {
      const sound = this.parts.get(part);
      if (sound === undefined) this.want(part);
      if (sound === undefined || sound === 'decoding') break;
      const behind = part * this.length + lengthOf(sound);
      if (behind <= at) break;
      at = behind;
    }
    return at - from;
  }

  /** At most `most` samples, and not beyond the part; none where it is not decoded. */
  read(from: number, most: number): Sound {
    const part = this.partAt(from);
    const sound = this.parts.get(part);
    if (most <= 0 || !sound || sound === 'decoding') return [];
    const within = from - part * this.length;
    return sound.map((samples) => samples.slice(within, within + most));
  }

  private partAt(sample: number): number {
    return Math.floor(sample / this.length);
  }

  private want(part: number): void {
    const loading = this.ports.load(part);
    if (!loading) return;
    this.parts.set(part, 'decoding');
    loading.then(
      (sound) => this.keep(part, sound),
      () => this.ports.onFailure(), // and it is not tried again
    );
  }

  private keep(part: number, sound: Sound): void {
    this.parts.set(part, sound);
    const distance = (one: number) => Math.abs(one - this.heard);
    const far = [...this.parts.keys()].sort((a, b) => distance(b) - distance(a));
    for (const one of far.slice(0, Math.max(0, this.parts.size - keptParts))) {
      if (this.parts.get(one) !== 'decoding') this.parts.delete(one);
    }
    this.ports.onMore();
  }
}

/** The last `frames`; where there are fewer, silence before them. */
export function lastOf(sound: Sound, frames: number): Sound {
  return sound.map((samples) => {
    const exact = new Float32Array(frames);
    const cut = samples.subarray(Math.max(0, samples.length - frames));
    exact.set(cut, frames - cut.length);
    return exact;
  });
}
