// An MP3 that is arriving, decoded by the browser some seconds at a time, around where it is heard. What is decoded
// begins some frames early and is counted from its end: an MP3 frame needs those before it, and decoders differ in how
// much they cut off at the beginning. So the parts join sample by sample.

import { ByteStore } from './bytes';
import { MpegIndex } from './mpeg_index';
import type { MpegHeader } from './mpeg_header';
import { lengthOf, type Sound, type Source } from './source';

/** Resolves to sound at the rate of the stream. */
export type Decode = (bytes: Uint8Array) => Promise<Sound>;

const framesPerPart = 384;
const framesEarly = 10;
const keptParts = 4;

export class MpegSource implements Source {
  readonly rate: number;
  onMore = (): void => {};
  onFailure = (_reason: string): void => {};
  private finished = false;
  private readonly parts = new Map<number, Sound | 'decoding'>();
  private heard = 0;

  /** The index must have found its first frame. */
  constructor(
    private readonly bytes: ByteStore,
    private readonly index: MpegIndex,
    private readonly header: MpegHeader,
    private readonly decode: Decode,
  ) {
    this.rate = header.rate;
  }

  readonly begin = 0;

  get arrived(): number {
    const all = this.index.frames * this.header.samples - this.before;
    return Math.max(0, this.finished ? all - this.behind : all);
  }

  get end(): number | undefined {
    return this.finished ? this.arrived : undefined;
  }

  get expected(): number | undefined {
    const frames = this.index.description?.frames;
    return this.end ?? (frames ? Math.max(0, frames * this.header.samples - this.before - this.behind) : undefined);
  }

  get held(): number {
    return this.bytes.held;
  }

  append(bytes: Uint8Array): void {
    this.bytes.append(bytes);
    this.index.advance();
    this.onMore();
  }

  finish(): void {
    this.finished = true;
    this.onMore();
  }

  ready(from: number): number {
    let at = from + this.before;
    this.heard = this.partAt(at);
    for (let part = this.heard; part <= this.heard + 1; part += 1) {
      const sound = this.parts.get(part);
      if (sound === undefined) this.want(part);
      if (sound === undefined || sound === 'decoding') break;
      const behind = part * this.partLength + lengthOf(sound);
      if (behind <= at) break;
      at = behind;
    }
    return Math.max(0, Math.min(at - this.before, this.end ?? Infinity) - from);
  }

  read(from: number, most: number): Sound {
    const count = Math.min(most, this.ready(from));
    const at = from + this.before;
    const part = this.partAt(at);
    const sound = this.parts.get(part);
    if (count <= 0 || !sound || sound === 'decoding') return [];
    const within = at - part * this.partLength;
    return sound.map((samples) => samples.slice(within, within + count));
  }

  forgetBefore(): void {}

  private get before(): number {
    return this.index.description?.before ?? 0;
  }

  private get behind(): number {
    return this.index.description?.behind ?? 0;
  }

  private get partLength(): number {
    return framesPerPart * this.header.samples;
  }

  private partAt(sample: number): number {
    return Math.floor(sample / this.partLength);
  }

  /** Begins to decode a part, if all of it has arrived. */
  private want(part: number): void {
    const from = part * framesPerPart;
    const to = Math.min(from + framesPerPart, this.index.frames);
    if (to <= from || (to < from + framesPerPart && !this.finished)) return;
    const early = Math.max(0, from - framesEarly);
    this.parts.set(part, 'decoding');
    const bytes = this.bytes.slice(this.index.offset(early), this.index.offset(to));
    this.decode(bytes).then(
      (sound) => this.keep(part, lastOf(sound, (to - from) * this.header.samples)),
      () => this.onFailure('This browser cannot decode the file.'),
    );
  }

  private keep(part: number, sound: Sound): void {
    this.parts.set(part, sound);
    const distance = (one: number) => Math.abs(one - this.heard);
    const far = [...this.parts.keys()].sort((a, b) => distance(b) - distance(a));
    for (const one of far.slice(0, Math.max(0, this.parts.size - keptParts))) {
      if (this.parts.get(one) !== 'decoding') this.parts.delete(one);
    }
    this.onMore();
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
