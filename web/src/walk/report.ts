// What a phone tells the server of itself, and which part of it is new.

import type { AboutDevice } from './device';
import type { Walk } from './walk';

type Fields = Record<string, unknown>;

/** µs: more of doubt or delay is not told apart. */
const most = 3.6e9;

/** µs: a network's delays differ all the time. */
const steady = 10_000;

/** So that what trembles is not told each second. */
function rough(us: number, step: number): number {
  return Math.round(us / step) * step;
}

/** `way`: µs from the server to here; `latency`: from here to the ear, with the correction. */
export function reportOf(walk: Walk, way: number, latency: number, about: AboutDevice): Fields {
  const store = walk.store;
  const assets = Object.fromEntries(
    walk.state.peek().assets.map((asset) => {
      const { have, ready } = store.of(asset);
      return [asset.id, { have, ready }];
    }),
  );
  const clock = walk.uncertainty.peek();
  return {
    name: walk.shownName,
    unlocked: walk.unlocked.peek(),
    assets,
    ...(Number.isFinite(clock) ? { clock_us: Math.ceil(Math.min(clock, most) / 50) * 50 } : {}),
    ...(walk.running.peek() ? { latency_us: Math.min(most, Math.max(0, rough(way, steady) + rough(latency - walk.correction.peek() * 1000, 500))) } : {}),
    correction_us: Math.round(walk.correction.peek() * 1000),
    ...about,
  };
}

/** The keys whose values are others than before. */
export function changedKeys(before: Fields, after: Fields): Fields {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)));
}
