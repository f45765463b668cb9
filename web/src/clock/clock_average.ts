// What ClockFilter says where delays have no edge: the mean of both directions, as a straight line. The same as
// src/domain/clock_average.cpp.
import type { ClockPoint, ClockStrip, DriftGuess } from './clock_strip';

/** Points whose shape says something. */
const fewest = 10;
/**
 * Of the round trips. Errors to both sides have 0, exponential delays 1.4, those with a rarer shortest one 1; of n points
 * it is known to about 2.4 / √n.
 */
const mostSkew = 0.3;
const skewDoubt = 3.5;
/** µs. Timestamps are off by less; what scatters more is queues, and these have an edge. */
const mostScatter = 100;
/** Whole microseconds say no more. */
const leastScatter = 0.5;

/**
 * The least squares line through the exchanges' middles. A point that is t old may be wrong by `bendUp` t², and counts
 * for less. Nothing where the points are few, or where their round trips are not spread to both sides alike: those have
 * a shortest delay, and queues above it, which move a mean. `halfWidth` is not filled in.
 */
export function average(points: readonly ClockPoint[], bendUp: number, guess: DriftGuess): ClockStrip | undefined {
  const last = points.at(-1);
  if (last === undefined || points.length < fewest) return undefined;
  const shape = shapeOfRoundTrips(points);
  if (Math.abs(shape.skew) > mostSkew + skewDoubt / Math.sqrt(points.length)) return undefined;
  // Where the directions do not know of each other, their mean is spread half as far as their sum.
  const scatter = shape.deviation / 2;
  if (scatter > mostScatter) return undefined;
  const now = last.arrived;
  const weighed = points.map((p) => {
    const age = now - (p.sent + p.arrived) / 2;
    return { age, offset: (p.upper + p.lower) / 2, weight: 1 / (1 + ((bendUp * age * age) / scatter) ** 2) };
  });
  let sum = 0;
  let ages = 0;
  let offsets = 0;
  for (const { age, offset, weight } of weighed) {
    sum += weight;
    ages += weight * age;
    offsets += weight * offset;
  }
  const meanAge = ages / sum;
  const meanOffset = offsets / sum;
  let spread = 0;
  let together = 0;
  let squares = 0;
  for (const { age, offset, weight } of weighed) {
    spread += weight * (age - meanAge) ** 2;
    together += weight * (age - meanAge) * (offset - meanOffset);
    squares += weight * (offset - meanOffset) ** 2;
  }
  const stiffness = (scatter / guess.doubt) ** 2;
  const drift = (stiffness * guess.value - together) / (spread + stiffness);
  const left = squares + 2 * drift * together + drift * drift * spread;
  const deviation = Math.max(scatter, Math.sqrt(Math.max(0, left) / sum));
  const driftDoubt = deviation / Math.sqrt(spread + stiffness);
  return {
    at: now,
    drift,
    offset: meanOffset + drift * meanAge,
    halfWidth: 0,
    driftDoubt,
    // A parabola's own line is off by 1/6 of it at its end; points spread evenly have a variance of 1/12.
    doubt: Math.hypot(deviation / Math.sqrt(sum), driftDoubt * meanAge) + (bendUp * 2 * spread) / sum,
  };
}

function shapeOfRoundTrips(points: readonly ClockPoint[]): { readonly deviation: number; readonly skew: number } {
  const count = points.length;
  let mean = 0;
  for (const p of points) mean += (p.upper - p.lower) / count;
  let squares = 0;
  let cubes = 0;
  for (const p of points) {
    const away = p.upper - p.lower - mean;
    squares += away ** 2 / count;
    cubes += away ** 3 / count;
  }
  const deviation = Math.max(2 * leastScatter, Math.sqrt(squares));
  return { deviation, skew: cubes / deviation ** 3 };
}
