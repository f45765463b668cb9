// Asks again and again: at the pace it is told while all is well, with growing pauses while the server is away.
// Never two questions at once; silent while paused.

import { backoffMs } from '../clock/backoff';

export interface PollerPorts<T> {
  ask(): Promise<T>;
  /** Returns after how many ms to ask again. */
  onAnswer(answer: T): number;
  /** `failures` counts those in a row, from 1. */
  onFailure(failures: number, error: unknown): void;
  random?(): number;
}

export class Poller<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private again = false;
  private running = false;
  private failures = 0;

  constructor(private readonly ports: PollerPorts<T>) {}

  /** Asks at once. Also the way to hurry: when the network is back, the page visible again. */
  start(): void {
    this.running = true;
    this.schedule(0);
  }

  pause(): void {
    this.running = false;
    this.again = false;
    clearTimeout(this.timer);
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    if (!this.running) return;
    if (this.asking) this.again = true;
    else this.timer = setTimeout(() => void this.once(), ms);
  }

  private async once(): Promise<void> {
    this.asking = true;
    let next: number;
    try {
      const answer = await this.ports.ask();
      this.failures = 0;
      next = this.ports.onAnswer(answer);
    } catch (error) {
      this.failures += 1;
      this.ports.onFailure(this.failures, error);
      next = backoffMs(this.failures, this.ports.random ?? Math.random);
    }
    this.asking = false;
    if (this.again) next = 0;
    this.again = false;
    this.schedule(next);
  }
}
