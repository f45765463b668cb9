// The sheet's cues on a waveform: where they are, in rows so that no name covers another. Pure.

import type { SheetCue } from '../walk/types';

export interface Region {
  readonly cue: SheetCue;
  /** 0 is the topmost. */
  readonly row: number;
}

/** Those beyond the last row share it. */
const mostRows = 4;

export function regionsOf(sheet: readonly SheetCue[], asset: string): Region[] {
  const ends: number[] = [];
  return sheet
    .filter((cue) => cue.asset === asset)
    .sort((one, other) => one.a - other.a || other.b - one.b)
    .map((cue) => {
      const free = ends.findIndex((end) => end <= cue.a);
      const row = Math.min(free < 0 ? ends.length : free, mostRows - 1);
      ends[row] = Math.max(ends[row] ?? 0, cue.b);
      return { cue, row };
    });
}

/** The shortest one there, as the others can be reached beside it. */
export function cueAt(regions: readonly Region[], ms: number): SheetCue | undefined {
  const there = regions.map(({ cue }) => cue).filter(({ a, b }) => a <= ms && ms < b);
  return there.sort((one, other) => one.b - one.a - (other.b - other.a))[0];
}
