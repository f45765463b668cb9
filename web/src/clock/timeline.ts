// A station's timeline: which entry plays at a moment, how far it is, what surrounds it. Pure; µs on the server's clock.

import type { Entry } from '../api/types';

export interface Moment {
  readonly before: readonly Entry[];
  readonly now: Entry | undefined;
  readonly next: readonly Entry[];
}

export function endsAt(entry: Entry): number {
  return entry.startsAt + entry.duration;
}

/** `before` is the most recent first, `next` the soonest first. */
export function momentAt(entries: readonly Entry[], time: number): Moment {
  return {
    before: entries.filter((entry) => endsAt(entry) <= time).reverse(),
    now: entryAt(entries, time),
    next: entries.filter((entry) => entry.startsAt > time),
  };
}

export function entryAt(entries: readonly Entry[], time: number): Entry | undefined {
  return entries.find((entry) => entry.startsAt <= time && time < endsAt(entry));
}

/** From 0 at the entry's start to 1 at its end. */
export function progressAt(entry: Entry, time: number): number {
  if (entry.duration <= 0) return 1;
  return Math.min(1, Math.max(0, (time - entry.startsAt) / entry.duration));
}

/** The next moment after `time` at which an entry begins or the last one ends. */
export function nextBoundary(entries: readonly Entry[], time: number): number | undefined {
  const boundaries = entries.flatMap((entry) => [entry.startsAt, endsAt(entry)]).filter((at) => at > time);
  return boundaries.length ? Math.min(...boundaries) : undefined;
}

/** Entries of an earlier answer that a newer one no longer tells but an ear may still be in. */
export function withHeard(older: readonly Entry[], newer: readonly Entry[], heardAt: number): readonly Entry[] {
  const first = newer[0];
  if (!first) return newer;
  return [...older.filter((entry) => endsAt(entry) <= first.startsAt && endsAt(entry) > heardAt), ...newer];
}
