// Stamps of a device's driver are right to some hundredths of a ms, those of a sound server's reckoning wander by several.
// Which they are shows from one second to the next; until then they are believed. Pure; µs, and seconds of the context.

import { median } from './median';
import type { Offset } from './rendered_line';

/** Seconds: of stamps that are counted, and of medians that are compared. */
const window = 6;
const compared = 8;
const least = 3;
/** µs from one second's median to the next, on average. */
const steadyBelow = 400;
const wandersAbove = 700;
/** What differs by more, so many times in a row, has moved. µs. */
const moved = 4_000;
const enough = 5;

export class SteadyStamps {
  private stamps: Offset[] = [];
  private second: Offset[] = [];
  private medians: number[] = [];
  private steady = true;

  reset(): void {
    this.stamps = [];
    this.second = [];
    this.medians = [];
    this.steady = true;
  }

  add(at: number, offset: number): void {
    const stamp = { at, offset };
    this.compare(stamp);
    this.stamps = [...this.stamps.filter((one) => one.at > at - window), stamp];
    const fresh = this.stamps.slice(-enough);
    const known = median(this.stamps.map((one) => one.offset));
    if (fresh.every((one) => one.offset - known > moved) || fresh.every((one) => known - one.offset > moved)) this.stamps = fresh;
  }

  /** That of the context's time `at`, where the context's clock drifts so; undefined without stamps, and while they wander. */
  offsetAt(at: number, drift: number): number | undefined {
    if (!this.steady || !this.stamps.length) return undefined;
    return median(this.stamps.map((one) => one.offset + drift * (at - one.at) * 1e6));
  }

  private compare(stamp: Offset): void {
    const [first] = this.second;
    if (first && stamp.at >= first.at + 1) {
      this.medians = [...this.medians, median(this.second.map((one) => one.offset))].slice(-compared);
      this.second = [];
      // One step among them is no wandering.
      const steps = this.medians.slice(1).map((value, n) => Math.abs(value - this.medians[n]!));
      const usual = steps.sort((a, b) => a - b).slice(0, -1);
      const wander = usual.reduce((sum, step) => sum + step, 0) / usual.length;
      if (usual.length >= least) this.steady = wander < (this.steady ? wandersAbove : steadyBelow);
    }
    this.second.push(stamp);
  }
}
