// An MP3 that is arriving, decoded by the browser some seconds at a time, around where it is heard.

import { ByteStore } from './bytes';
import { DecodedParts, framesEarly, lastOf } from './decoded_parts';
import type { MpegHeader } from './mpeg_header';
import { MpegIndex } from './mpeg_index';
import type { Sound, Source } from './source';

/** Resolves to sound at the rate of the stream. */
export type Decode = (bytes: Uint8Array) => Promise<Sound>;

const framesPerPart = 384;

export class MpegSource implements Source {
  readonly rate: number;
  onMore = (): void => {};
  onFailure = (_reason: string): void => {};
  private finished = false;
  private readonly parts: DecodedParts;

  /** The index must have found its first frame. */
  constructor(
    private readonly bytes: ByteStore,
    private readonly index: MpegIndex,
    private readonly header: MpegHeader,
    private readonly decode: Decode,
  ) {
    this.rate = header.rate;
    this.parts = new DecodedParts(framesPerPart * header.samples, {
      load: (part) => this.load(part),
      onMore: () => this.onMore(),
      onFailure: () => this.onFailure('This browser cannot decode the file.'),
    });
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
    const at = from + this.before + this.parts.ready(from + this.before);
    return Math.max(0, Math.min(at - this.before, this.end ?? Infinity) - from);
  }

  read(from: number, most: number): Sound {
    return this.parts.read(from + this.before, Math.min(most, this.ready(from)));
  }

  forgetBefore(): void {}

  private get before(): number {
    return this.index.description?.before ?? 0;
  }

  private get behind(): number {
    return this.index.description?.behind ?? 0;
  }

  /** Begins to decode a part, if all of it has arrived. */
  private load(part: number): Promise<Sound> | undefined {
    const from = part * framesPerPart;
    const to = Math.min(from + framesPerPart, this.index.frames);
    if (to <= from || (to < from + framesPerPart && !this.finished)) return undefined;
    const early = Math.max(0, from - framesEarly);
    const bytes = this.bytes.slice(this.index.offset(early), this.index.offset(to));
    return this.decode(bytes).then((sound) => lastOf(sound, (to - from) * this.header.samples));
  }
}
