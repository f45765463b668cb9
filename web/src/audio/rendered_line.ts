// The line from an AudioContext's time to the page's clock, of what is rendered. A browser renders some buffers at once, so
// its time moves in steps: who looks right after one of them sees it nearest to the truth. Pure; the page's clock in µs,
// the context's in seconds.

/** At a time of the context, the page's clock minus the context's. */
export interface Offset {
  readonly at: number;
  readonly offset: number;
}

const us = 1e6;
/** Seconds: in so many a look has come right after a step; in the half of them most likely. */
const window = 6;
/** µs. What differs by more in three looks is no step: the context stood still. */
const jump = 15_000;
const enough = 3;
/** The context's crystal against the page's: known after half a minute, kept for five. Seconds. */
const driftAfter = 30;
const driftEvery = 10;
const driftKept = 30;
const mostDrift = 500e-6;

export class RenderedLine {
  private points: Offset[] = [];
  private history: Offset[] = [];
  /** How much slower than the page's clock the context's is. */
  drift = 0;
  private origin: Offset = { at: 0, offset: 0 };

  reset(): void {
    this.points = [];
    this.history = [];
    this.drift = 0;
  }

  get ready(): boolean {
    return this.points.length >= enough;
  }

  /** Not a step off, most likely. */
  get settled(): boolean {
    return this.ready && this.origin.at - this.points[0]!.at > window / 2;
  }

  add(at: number, now: number): void {
    this.points = [...this.points.filter((point) => point.at > at - window), { at, offset: now - at * us }];
    const fresh = this.points.slice(-enough);
    if (this.points.length > enough && fresh.every((point) => Math.abs(point.offset - this.offsetAt(point.at)) > jump)) {
      this.reset();
      this.points = fresh;
    }
    this.origin = { at, offset: Math.min(...this.points.map((point) => point.offset + this.drift * (at - point.at) * us)) };
    this.learnDrift();
  }

  /** Page's clock minus context's, in µs, at a time of the context. */
  offsetAt(at: number): number {
    return this.origin.offset + this.drift * (at - this.origin.at) * us;
  }

  private learnDrift(): void {
    if (this.origin.at - this.points[0]!.at < window - 1) return; // it may still be a step off
    const newest = this.history.at(-1);
    if (newest && this.origin.at - newest.at < driftEvery) return;
    this.history = [...this.history, this.origin].slice(-driftKept);
    const oldest = this.history[0]!;
    const span = this.origin.at - oldest.at;
    if (span < driftAfter) return;
    const drift = (this.origin.offset - oldest.offset) / (span * us);
    this.drift = Math.min(mostDrift, Math.max(-mostDrift, drift));
  }
}
