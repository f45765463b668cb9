// How long after it is rendered a sound is heard. It hardly ever changes, but what a browser says of it does: PulseAudio's
// reckoning swings by tens of ms in the first seconds, others say it in steps. So what was said for long counts, and a
// change is believed once it has been said steadily. Pure; seconds of the context, µs.

import { median } from './median';

interface Said {
  readonly at: number;
  readonly latency: number;
}

/** Seconds that are counted: the later half of all, so that the beginning is forgotten. */
const least = 6;
const most = 60;
/** Another device: said so many times or for so many seconds, within `spread`, and off by more than `off`. */
const changes = [
  { readings: 5, seconds: 0, spread: 5_000, off: 40_000 },
  { readings: 5, seconds: 4, spread: 9_000, off: 12_000 },
];

export class ToldLatency {
  private said: Said[] = [];
  private begun = 0;
  /** µs; 0 where nothing has been said. */
  value = 0;

  reset(): void {
    this.said = [];
    this.value = 0;
  }

  get count(): number {
    return this.said.length;
  }

  add(at: number, latency: number): void {
    if (!this.said.length) this.begun = at;
    const span = Math.min(most, Math.max(least, (at - this.begun) / 2));
    this.said = [...this.said.filter((one) => one.at > at - span), { at, latency }];
    for (const change of changes) {
      const last = this.said.slice(-change.readings);
      const since = Math.min(at - change.seconds, last[0]!.at);
      const fresh = this.said.filter((one) => one.at >= since);
      const values = fresh.map((one) => one.latency);
      const steady = Math.max(...values) - Math.min(...values) < change.spread;
      const isChange = fresh.length < this.said.length && steady && values.every((value) => Math.abs(value - this.value) > change.off);
      if (isChange) [this.said, this.begun] = [fresh, since];
    }
    this.value = median(this.said.map((one) => one.latency));
  }
}
