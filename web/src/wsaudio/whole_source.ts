// A file in any other format that the browser knows: it can be decoded only once all of it is here, in one piece.

import { ByteStore } from './bytes';
import type { Decode } from './mpeg_source';
import { lengthOf, type Sound, type Source } from './source';

export class WholeSource implements Source {
  onMore = (): void => {};
  onFailure = (_reason: string): void => {};
  readonly begin = 0;
  private sound: Sound = [];
  private decoded = false;

  /** `rate` is the output's: the browser brings the file to it. */
  constructor(
    readonly rate: number,
    private readonly bytes: ByteStore,
    private readonly decode: Decode,
  ) {}

  get arrived(): number {
    return lengthOf(this.sound);
  }

  get end(): number | undefined {
    return this.decoded ? this.arrived : undefined;
  }

  get expected(): number | undefined {
    return this.end;
  }

  get held(): number {
    return this.bytes.held;
  }

  append(bytes: Uint8Array): void {
    this.bytes.append(bytes);
  }

  finish(): void {
    this.decode(this.bytes.slice(0, this.bytes.end)).then(
      (sound) => {
        this.sound = sound;
        this.decoded = true;
        this.bytes.dropBefore(this.bytes.end);
        this.onMore();
      },
      () => this.onFailure('This browser cannot play a file of this kind. Its samples can be had over /pcm.'),
    );
  }

  ready(from: number): number {
    return Math.max(0, this.arrived - from);
  }

  read(from: number, most: number): Sound {
    return this.sound.map((samples) => samples.slice(from, from + most));
  }

  forgetBefore(): void {}
}
