// What time it is on the server, from exchanges of four timestamps. The same as src/domain/clock_filter.cpp, which
// says how and why; tests/vectors/clock.txt holds the two together. All times are in µs and may have fractions.
import { average } from './clock_average';
import { bend, type ClockPoint, type ClockStrip, type DriftGuess, doubtAt, mostPoints, offsetAt, StripFitter } from './clock_strip';

/** One question and its answer: when it was sent and arrived here, was received and answered there. */
export interface Exchange {
  readonly sent: number;
  readonly received: number;
  readonly answered: number;
  readonly arrived: number;
}

type Verdict = 'fits' | 'strangely low' | 'strangely high' | 'impossible';

/** What a number counts exactly. */
const farthest = 2 ** 53;
/** How far two crystals are apart, as a standard deviation; by how much the drift may be another one after a sleep. */
const quartz = 45e-6;
const quartzAfterJump = 5e-6;
/** Exchanges that say little yet. */
const few = 8;
/** µs that are no jump, whatever the doubt. */
const slack = 20;
const steadyBend = 0.0005e-12;
const newest = 40;
/** Where there is no edge, an edge's doubt is too small. */
const patience = 2;
/** Standard deviations. */
const sureness = 2.5;
/** µs after which a queue that stood at the first exchange has most likely been empty once. */
const queueStands = 1e6;
/** µs of doubt. */
const rough = 200;
const settled = 10;
/** Exchanges: quick ones in any case; then, while it is doubted, those that are half as quick, and all that are not slow. */
const quick = 20;
const hurried = 60;
const settling = 160;

export class ClockFilter {
  private offsetBase = 0;
  private origin = 0;
  private points: ClockPoint[] = [];
  private readonly fitter = new StripFitter();
  private strip: ClockStrip = { at: 0, offset: 0, drift: 0, halfWidth: 0, doubt: 0, driftDoubt: 0 };
  private guess: DriftGuess = { value: 0, doubt: quartz };
  /** Waits for the next exchange to say whether a clock has jumped. */
  private strange: ClockPoint | undefined;
  private strangeness: Verdict = 'fits';
  private firstArrival = 0;
  private lastArrival = 0;
  /** Half of the shortest round trip since `firstArrival`, which a jump makes anew. */
  private shortest = 0;
  private taken = 0;
  private sinceJump = 0;
  /** How often a clock was found to have jumped: it was set, or its machine slept. */
  jumps = 0;

  /** Takes an exchange, in the order in which the answers arrive. False, and nothing changes, where it cannot be true. */
  add(x: Exchange): boolean {
    if (!canBe(x)) return false;
    const there = x.received - x.sent;
    const back = x.answered - x.arrived;
    if (this.taken === 0) {
      this.origin = x.sent;
      this.offsetBase = Math.trunc((there + back) / 2);
    }
    const point = {
      sent: x.sent - this.origin,
      upper: there - this.offsetBase,
      arrived: x.arrived - this.origin,
      lower: back - this.offsetBase,
    };
    if (this.taken > 0 && point.arrived < this.lastArrival) return false;
    if (this.taken === 0) this.firstArrival = point.arrived;
    this.lastArrival = point.arrived;
    ++this.taken;
    ++this.sinceJump;
    const verdict = this.judge(point);
    const hasJumped = verdict === 'impossible' || (verdict !== 'fits' && verdict === this.strangeness);
    if (hasJumped) this.startAnew();
    const half = (point.upper - point.lower) / 2;
    this.shortest = this.sinceJump === 1 ? half : Math.min(this.shortest, half);
    if (verdict !== 'fits' && !hasJumped && this.strange === undefined) {
      this.strange = point;
      this.strangeness = verdict;
      return true;
    }
    if (this.strange !== undefined && verdict !== 'impossible') this.push(this.strange);
    this.strange = undefined;
    this.strangeness = 'fits';
    this.push(point);
    this.fit();
    return true;
  }

  /** True from the fourth exchange on; a clock that jumps does not end it. */
  get ready(): boolean {
    return this.taken >= 4;
  }

  toServer(client: number): number {
    return client + this.offsetBase + offsetAt(this.strip, client - this.origin);
  }

  toClient(server: number): number {
    const { at, offset, drift } = this.strip;
    return this.origin + at + (server - this.offsetBase - this.origin - offset - at) / (1 + drift);
  }

  /** How much faster the server's clock runs: 1e-6 is a microsecond per second. */
  get drift(): number {
    return this.strip.drift;
  }

  /** The estimate at `now` is off by less than this 19 times out of 20; Infinity before the first exchange. */
  uncertainty(now: number): number {
    if (this.taken === 0) return Infinity;
    const queue = this.shortest * Math.exp(-(this.lastArrival - this.firstArrival) / queueStands);
    return Math.ceil(Math.max(sureness * doubtAt(this.strip, now - this.origin), queue));
  }

  /** How soon after the last question the next one is worth while, in µs. */
  interval(): number {
    const isDoubted = this.strip.doubt > settled;
    if (this.sinceJump < quick) return 50_000;
    if (isDoubted && this.sinceJump < hurried) return 100_000;
    return (isDoubted && this.sinceJump < settling) || this.strip.doubt > rough ? 250_000 : 1_000_000;
  }

  private push(point: ClockPoint): void {
    if (this.points.length === mostPoints) this.points.shift();
    this.points.push(point);
  }

  private startAnew(): void {
    ++this.jumps;
    this.sinceJump = 1;
    this.firstArrival = this.lastArrival;
    if (this.strip.driftDoubt < quartzAfterJump) this.guess = { value: this.strip.drift, doubt: quartzAfterJump };
    this.points = [];
  }

  private judge(p: ClockPoint): Verdict {
    const count = this.points.length;
    if (count === 0) return 'fits';
    const { halfWidth } = this.strip;
    const margin = 4 * doubtAt(this.strip, p.arrived) + slack;
    const over = offsetAt(this.strip, p.sent) - p.upper;
    const under = p.lower - offsetAt(this.strip, p.arrived);
    // The offset cannot be where it was thought to be: it would have arrived before it was sent.
    if (Math.max(over, under) > margin) return 'impossible';
    if (count < few) return 'fits';
    const low = over + halfWidth;
    const high = under + halfWidth;
    if (low > margin && high < -low / 2) return 'strangely low';
    if (high > margin && low < -high / 2) return 'strangely high';
    return 'fits';
  }

  private fit(): void {
    const { points, fitter } = this;
    const count = points.length;
    this.strip = fitter.lay(points, count, bend, this.guess, this.strip.drift);
    this.consider(fitter.lay(points, count, steadyBend, this.guess, this.strip.drift));
    if (count > 2 * newest) {
      const known = { value: this.strip.drift, doubt: this.strip.driftDoubt };
      this.consider(fitter.lay(points, newest, bend, known, this.strip.drift));
    }
    const mean = average(points, steadyBend, this.guess);
    if (mean) this.consider({ ...mean, halfWidth: this.strip.halfWidth }, patience);
  }

  /** Takes a strip instead if it doubts less (or not more than so many times as much) and does not contradict. */
  private consider(other: ClockStrip, most = 1): void {
    const mine = this.strip;
    const away = Math.abs(other.offset - mine.offset);
    if (other.doubt > most * mine.doubt || away > 2 * mine.doubt + 1) return;
    const turned = Math.abs(other.drift - mine.drift);
    this.strip = {
      ...other,
      doubt: Math.max(other.doubt, Math.min(mine.doubt, other.doubt + away / 2)),
      driftDoubt: Math.min(mine.driftDoubt, other.driftDoubt + turned / 2),
    };
  }
}

function canBe({ sent, received, answered, arrived }: Exchange): boolean {
  if (![sent, received, answered, arrived].every((t) => Math.abs(t) < farthest)) return false; // nor NaN
  const asked = arrived - sent;
  const thought = answered - received;
  return asked >= 0 && thought >= 0 && thought <= asked + 1000 + asked / 1000;
}
