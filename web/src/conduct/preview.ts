// A part in the conductor's own ear, before anybody else hears it: streamed, not downloaded.

import { signal } from '@preact/signals';
import type { Asset } from '../walk/types';

/** What is used of an <audio> element. */
export interface Ear {
  src: string;
  currentTime: number;
  play(): Promise<void>;
  pause(): void;
}

const watchMs = 30;

export class Preview {
  /** ms in the asset; undefined: silent. */
  readonly at = signal<number | undefined>(undefined);
  readonly problem = signal('');
  private watching: ReturnType<typeof setInterval> | undefined;
  private attempt = 0;

  constructor(private readonly ear: Ear) {}

  /** a and b in ms. From a tap: browsers let nothing else begin to sound. */
  async play({ url, file }: Asset, a: number, b: number): Promise<void> {
    this.stop();
    if (!file) return;
    const attempt = (this.attempt += 1);
    const before = file.delay / file.rate; // s of the MP3 before the source begins
    this.ear.src = url;
    this.ear.currentTime = a / 1000 + before;
    this.at.value = a;
    this.problem.value = '';
    try {
      await this.ear.play();
    } catch {
      if (attempt !== this.attempt) return;
      this.stop();
      this.problem.value = 'This browser could not play it.';
      return;
    }
    if (attempt !== this.attempt) return this.ear.pause();
    this.watching = setInterval(() => {
      const at = (this.ear.currentTime - before) * 1000;
      if (at >= b || at < a - 1000) this.stop();
      else this.at.value = at;
    }, watchMs);
  }

  stop(): void {
    this.attempt += 1;
    clearInterval(this.watching);
    if (this.at.peek() === undefined) return;
    this.ear.pause();
    this.at.value = undefined;
  }
}
