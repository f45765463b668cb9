// When is heard what is played: the line from an AudioContext's time to the page's clock. What browsers say of it is
// used with suspicion: getOutputTimestamp is missing, stands still or is all zeros here and there, outputLatency is not
// known to Safari, and Bluetooth changes both without a word. Pure; the page's clock in µs, the context's in seconds.

/** What a browser says at one moment. */
export interface Reading {
  readonly now: number;
  readonly currentTime: number;
  /** The moment (ms of the page's clock) at which a time of the context leaves the device. */
  readonly stamp: { readonly contextTime: number; readonly performanceTime: number } | undefined;
  /** Seconds. */
  readonly outputLatency: number | undefined;
  readonly baseLatency: number | undefined;
}

type Witness = 'stamp' | 'latency';

interface Point {
  readonly at: number;
  /** Page's clock minus context's, of what is rendered, and of what is heard. */
  readonly rendered: number;
  readonly heard: number;
}

const us = 1e6;
const kept = 48;
/** Seconds. */
const window = 6;
const enough = 3;
/** Readings in a row. */
const convinced = 5;
/** µs. What differs by more for three readings is another device, or the context stood still. */
const jump = 15_000;
const longestLatency = 1.5;
/** Where a browser tells nothing. */
const usualLatency = 0.02;
/** The context's crystal against the page's: known after half a minute, kept for five. */
const driftAfter = 30;
const driftEvery = 10;
const driftKept = 30;
const mostDrift = 500e-6;

function plausible(latency: number | undefined): latency is number {
  return latency !== undefined && Number.isFinite(latency) && latency > 0 && latency < longestLatency;
}

export class DeviceClock {
  private points: Point[] = [];
  private witness: Witness = 'latency';
  /** Readings in a row that would have another one. */
  private otherwise = 0;
  private offset = 0;
  private centre = 0;
  private drift = 0;
  private history: { at: number; offset: number }[] = [];
  private lastStamp = -1;

  /** The device is another one, or it has slept: nothing of the past holds. */
  reset(): void {
    this.points = [];
    this.history = [];
    this.drift = 0;
    this.lastStamp = -1;
  }

  get ready(): boolean {
    return this.points.length >= enough;
  }

  add(reading: Reading): void {
    const { now, currentTime } = reading;
    const last = this.points.at(-1);
    if (last && currentTime < last.at) this.reset();
    if (last && currentTime === last.at) return; // it stands still
    const rendered = now - currentTime * us;
    const { told, stamped } = this.latencyOf(reading, rendered);
    this.chooseWitness(stamped === undefined ? 'latency' : 'stamp');
    if (this.witness === 'stamp' && stamped === undefined) return;
    const heard = this.witness === 'stamp' ? stamped! : rendered + told;
    this.points.push({ at: currentTime, rendered, heard });
    this.points = this.points.filter(({ at }) => at > currentTime - window).slice(-kept);
    this.settle();
    const fresh = this.points.slice(-enough);
    const apart = fresh.map(({ heard }) => heard - this.offset);
    if (this.points.length > enough && (apart.every((d) => d > jump) || apart.every((d) => d < -jump))) {
      this.points = fresh;
      this.history = [];
      this.drift = 0;
      this.settle();
    }
  }

  /** When a time of the context is heard, in µs of the page's clock. */
  heardAt(contextTime: number): number {
    return contextTime * us + this.offset + this.drift * (contextTime - this.centre) * us;
  }

  /** The other way round, in seconds. */
  contextAt(time: number): number {
    return (time - this.offset + this.drift * this.centre * us) / (us * (1 + this.drift));
  }

  /** µs from the context to the ear, as far as the browser knows. */
  get latency(): number {
    return this.points.length ? this.offset - Math.min(...this.points.map(({ rendered }) => rendered)) : 0;
  }

  /** One that is there now and then is no witness. */
  private chooseWitness(candidate: Witness): void {
    this.otherwise = candidate === this.witness ? 0 : this.otherwise + 1;
    if (this.points.length > 0 && this.otherwise < convinced) return;
    if (candidate !== this.witness) this.points = [];
    this.witness = candidate;
    this.otherwise = 0;
  }

  private latencyOf({ now, currentTime, stamp, outputLatency, baseLatency }: Reading, rendered: number) {
    const told = (plausible(outputLatency) ? outputLatency : usualLatency + (plausible(baseLatency) ? baseLatency : 0)) * us;
    if (!stamp || !(stamp.contextTime > 0) || !(stamp.performanceTime > 0)) return { told, stamped: undefined };
    const heard = stamp.performanceTime * 1000 - stamp.contextTime * us;
    const moves = stamp.contextTime !== this.lastStamp;
    this.lastStamp = stamp.contextTime;
    const latency = heard - rendered;
    const old = Math.abs(now - stamp.performanceTime * 1000) > us;
    // One that claims no latency at all only repeats currentTime.
    const believed = moves && !old && stamp.contextTime <= currentTime + 0.05 && latency > 1000 && latency < longestLatency * us;
    return { told, stamped: believed ? heard : undefined };
  }

  private settle(): void {
    const first = this.points[0]!;
    const last = this.points.at(-1)!;
    this.centre = (first.at + last.at) / 2;
    if (this.witness === 'stamp') {
      this.offset = median(this.points.map(({ heard }) => heard));
    } else {
      // currentTime moves in steps: right after one of them it is nearest to the truth.
      const latency = median(this.points.map(({ heard, rendered }) => heard - rendered));
      this.offset = Math.min(...this.points.map(({ rendered }) => rendered)) + latency;
    }
    this.learnDrift();
  }

  private learnDrift(): void {
    const newest = this.history.at(-1);
    if (newest && this.centre - newest.at < driftEvery) return;
    this.history = [...this.history, { at: this.centre, offset: this.offset }].slice(-driftKept);
    const oldest = this.history[0]!;
    const span = this.centre - oldest.at;
    if (span < driftAfter) return;
    const drift = (this.offset - oldest.offset) / (span * us);
    this.drift = Math.min(mostDrift, Math.max(-mostDrift, drift));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
