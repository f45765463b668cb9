// The samples of /pcm, kept as they came and decoded when they are due.

import { ByteStore } from './bytes';
import type { PcmHeader } from './pcm_header';
import { decodePcm } from './pcm_samples';
import type { Sound, Source } from './source';

export class PcmSource implements Source {
  readonly rate: number;
  end: number | undefined;
  onMore = (): void => {};
  private readonly bytes = new ByteStore();

  constructor(private readonly header: PcmHeader) {
    this.rate = header.rate;
  }

  get begin(): number {
    return this.header.firstFrame + Math.ceil(this.bytes.begin / this.header.frameBytes);
  }

  get arrived(): number {
    return this.header.firstFrame + Math.floor(this.bytes.end / this.header.frameBytes);
  }

  get expected(): number | undefined {
    return this.end;
  }

  get held(): number {
    return this.bytes.held;
  }

  append(bytes: Uint8Array): void {
    this.bytes.append(bytes);
    this.onMore();
  }

  finish(): void {
    this.end = this.arrived;
    this.onMore();
  }

  ready(from: number): number {
    return from < this.begin ? 0 : Math.max(0, this.arrived - from);
  }

  read(from: number, most: number): Sound {
    const { frameBytes, encoding, channels, firstFrame } = this.header;
    const [at, count] = [from - firstFrame, Math.min(most, this.ready(from))];
    return decodePcm(this.bytes.slice(at * frameBytes, (at + count) * frameBytes), encoding, channels);
  }

  forgetBefore(frame: number): void {
    this.bytes.dropBefore((frame - this.header.firstFrame) * this.header.frameBytes);
  }
}
