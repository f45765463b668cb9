// A stored MP3 of a constant bit rate without bit reservoir: frame n begins at byte n * 384. Only what is heard is read
// from the store and decoded.

import { DecodedParts, framesEarly, lastOf } from '../wsaudio/decoded_parts';
import { lengthOf, type Sound } from '../wsaudio/source';
import type { Decode } from '../wsaudio/mpeg_source';

/** Sound of which the engine plays parts. Positions are samples from its beginning. */
export interface Material {
  readonly rate: number;
  readonly length: number;
  /** How many samples from `from` on can be read at once; begins to make them ready. */
  ready(from: number): number;
  /** Fewer than `count` where there is an inner edge or no more. */
  read(from: number, count: number): Sound;
}

export interface AssetShape {
  readonly bytes: number;
  readonly rate: number;
  readonly frames: number;
  /** Samples that a decoder gives before the first one of the source. */
  readonly delay: number;
}

export interface AssetPorts {
  /** Resolves to the bytes [from, to); undefined where they are not stored yet. */
  readBytes(from: number, to: number): Promise<Uint8Array> | undefined;
  decode: Decode;
  onMore(): void;
  onFailure(reason: string): void;
}

const frameBytes = 384;
const frameSamples = 1152;
/** 4.6 s: decoded quickly enough that a cue can begin in the middle soon. */
const framesPerPart = 192;
const attempts = 3;

export class AssetSource implements Material {
  readonly rate: number;
  readonly length: number;
  private readonly parts: DecodedParts;

  constructor(
    private readonly shape: AssetShape,
    private readonly ports: AssetPorts,
  ) {
    this.rate = shape.rate;
    this.length = shape.frames;
    this.parts = new DecodedParts(framesPerPart * frameSamples, {
      load: (part) => this.load(part),
      onMore: () => ports.onMore(),
      onFailure: () => ports.onFailure('This browser cannot decode the sound of the walk.'),
    });
  }

  ready(from: number): number {
    return Math.max(0, Math.min(this.parts.ready(from + this.shape.delay), this.length - from));
  }

  read(from: number, count: number): Sound {
    return this.parts.read(from + this.shape.delay, Math.min(count, this.ready(from)));
  }

  private load(part: number): Promise<Sound> | undefined {
    const from = part * framesPerPart;
    const to = Math.min(from + framesPerPart, Math.floor(this.shape.bytes / frameBytes));
    if (to <= from) return undefined;
    const early = Math.max(0, from - framesEarly);
    const reading = this.ports.readBytes(early * frameBytes, to * frameBytes);
    return reading && this.decoded(reading, (to - from) * frameSamples, attempts);
  }

  /** Storage and decoders fail now and then while the system is short of memory. */
  private async decoded(reading: Promise<Uint8Array>, frames: number, left: number): Promise<Sound> {
    try {
      const sound = await this.ports.decode(await reading);
      if (lengthOf(sound) === 0) throw new Error('no sound');
      return lastOf(sound, frames);
    } catch (error) {
      if (left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return this.decoded(reading, frames, left - 1);
    }
  }
}
