// The widest straight strip between two clouds of points: what ClockFilter's estimate is made of. The same as
// src/domain/clock_strip.cpp. Times and offsets are in µs; doubts are standard deviations.

/** What one exchange says of the offset (server minus client). */
export interface ClockPoint {
  /** It is below `upper` at `sent`: the way there took some time. */
  readonly sent: number;
  readonly upper: number;
  /** And above `lower` at `arrived`: so did the way back. */
  readonly arrived: number;
  readonly lower: number;
}

export interface ClockStrip {
  /** Client time: that of the newest point's arrival. */
  readonly at: number;
  readonly offset: number;
  readonly drift: number;
  /** Half of the shortest round trip, if both directions have shown theirs. */
  readonly halfWidth: number;
  /** Of the offset at `at`. */
  readonly doubt: number;
  readonly driftDoubt: number;
}

/** What is known of the drift apart from the points. */
export interface DriftGuess {
  readonly value: number;
  readonly doubt: number;
}

/** One direction's points, mirrored so that the edge is the lower one, and how old they are. */
interface Cloud {
  readonly value: Float64Array;
  readonly age: Float64Array;
}

/** A cloud's soft edge under a slope, carried to age 0; and the ages of the points that make it. */
interface Edge {
  readonly at: number;
  readonly doubt: number;
  readonly age: number;
  readonly spread: number;
  readonly ageVariance: number;
}

/** So many points are kept. */
export const mostPoints = 512;
/** How far drift may have bent the line after t: this times t². */
export const bend = 0.01e-12;

const mostDrift = 1000e-6;
/** Whole microseconds say no more. */
const leastSpacing = 0.5;
/** How far behind the edge points still make it, in spacings and in µs. */
const softness = 3;
const leastSoftness = 8;
/** So many points at the edge tell how thickly it is strewn. */
const counted = 8;
const mostSteps = 50;
const exactEnough = 1e-12;
/** e^−30. */
const nothing = 30;

export const offsetAt = (strip: ClockStrip, client: number) => strip.offset + strip.drift * (client - strip.at);

/** Grows towards the future. */
export function doubtAt(strip: ClockStrip, client: number): number {
  const ahead = Math.max(0, client - strip.at);
  return strip.doubt + strip.driftDoubt * ahead + bend * ahead * ahead;
}

export class StripFitter {
  // Kept for their memory only.
  private used = 0;
  private firstDoubt = 0;
  private readonly above = cloud();
  private readonly below = cloud();
  private readonly least = new Float64Array(counted);

  /**
   * Lays a strip between the `used` newest points (oldest first in `points`). A point that is t old may be wrong by
   * `bendUp` t². `slope` is where the search begins.
   */
  lay(points: readonly ClockPoint[], used: number, bendUp: number, guess: DriftGuess, slope: number): ClockStrip {
    const now = this.load(points, used, bendUp);
    const before = this.spacing(slope);
    const soft = Math.max(leastSoftness, softness * before);
    const stiffness = before / (guess.doubt * guess.doubt);
    let low = -mostDrift;
    let high = mostDrift;
    let top = this.edge(this.above, slope, soft);
    let bottom = this.edge(this.below, -slope, soft);
    let curvature = 1;
    for (let i = 0; i < mostSteps; ++i) {
      if (i > 0) {
        top = this.edge(this.above, slope, soft);
        bottom = this.edge(this.below, -slope, soft);
      }
      const pull = top.age - bottom.age - stiffness * (slope - guess.value);
      curvature = (top.spread + bottom.spread) / soft + stiffness;
      if (pull > 0) low = slope;
      else high = slope;
      let next = slope + pull / curvature;
      if (!(next > low && next < high)) next = (low + high) / 2; // Newton's step has left what is known
      if (Math.abs(next - slope) < exactEnough) break;
      slope = next;
    }
    const after = this.spacing(slope);
    const age = Math.max(top.age, bottom.age);
    const driftDoubt = Math.max(
      Math.sqrt(top.ageVariance + bottom.ageVariance + stiffness * after) / curvature,
      Math.sqrt(after / curvature),
    );
    return {
      at: now,
      drift: slope,
      offset: (top.at - bottom.at) / 2,
      halfWidth: (top.at + bottom.at) / 2,
      driftDoubt,
      doubt:
        Math.hypot(Math.max(Math.hypot(top.doubt, bottom.doubt) / 2, after), driftDoubt * age) + bendUp * age * age,
    };
  }

  private load(points: readonly ClockPoint[], used: number, bendUp: number): number {
    const last = points.length - 1;
    const now = points[last]?.arrived ?? 0;
    let shortest = Infinity;
    this.used = used;
    for (let i = 0; i < used; ++i) {
      const p = points[last - i];
      if (p === undefined) break;
      const sentAge = now - p.sent;
      const arrivedAge = now - p.arrived;
      this.above.age[i] = sentAge;
      this.above.value[i] = p.upper + bendUp * sentAge * sentAge;
      this.below.age[i] = arrivedAge;
      this.below.value[i] = -p.lower + bendUp * arrivedAge * arrivedAge;
      shortest = Math.min(shortest, p.upper - p.lower);
    }
    // Of the first exchanges nobody knows yet what of the round trip is queue.
    this.firstDoubt = Math.max(0, shortest) / 2 / (used * used);
    return now;
  }

  /** The least of the values, softly: −s·log Σ exp(−value/s). */
  private edge({ value, age }: Cloud, slope: number, soft: number): Edge {
    let least = Infinity;
    for (let i = 0; i < this.used; ++i) least = Math.min(least, value[i]! + slope * age[i]!);
    let sum = 0;
    let ages = 0;
    let squares = 0;
    let sum2 = 0;
    let ages2 = 0;
    let squares2 = 0;
    for (let i = 0; i < this.used; ++i) {
      const a = age[i]!;
      const x = (value[i]! + slope * a - least) / soft;
      if (x > nothing) continue;
      const weight = Math.exp(-x);
      sum += weight;
      ages += weight * a;
      squares += weight * a * a;
      sum2 += weight * weight;
      ages2 += weight * weight * a;
      squares2 += weight * weight * a * a;
    }
    const mean = ages / sum;
    return {
      at: least - soft * Math.log(sum),
      doubt: soft * Math.sqrt(Math.max(0, sum2 / (sum * sum) - 1 / this.used)),
      age: mean,
      spread: Math.max(0, squares / sum - mean * mean),
      ageVariance: Math.max(0, squares2 - 2 * mean * ages2 + mean * mean * sum2) / (sum * sum),
    };
  }

  private spacing(slope: number): number {
    const both = this.spacingOf(this.above, slope) + this.spacingOf(this.below, -slope);
    return Math.max(leastSpacing, this.firstDoubt + both / 2);
  }

  /** How far apart, on average, the points at the edge are. */
  private spacingOf({ value, age }: Cloud, slope: number): number {
    if (this.used < 2) return 0;
    const least = this.least;
    let kept = 0;
    for (let i = 0; i < this.used; ++i) {
      const x = value[i]! + slope * age[i]!;
      if (kept === counted && x >= least[counted - 1]!) continue;
      if (kept < counted) ++kept;
      let at = kept - 1;
      for (; at > 0 && least[at - 1]! > x; --at) least[at] = least[at - 1]!;
      least[at] = x;
    }
    return (least[kept - 1]! - least[0]!) / (kept - 1);
  }
}

function cloud(): Cloud {
  return { value: new Float64Array(mostPoints), age: new Float64Array(mostPoints) };
}
