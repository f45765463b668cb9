// What is to be heard of a walk at which moment. Pure; µs of the server's time.

import type { Armed, Live, Part, SheetCue, WalkState } from './types';

/** From when until when a cue sounds, and how it ends: `to` may be Infinity, `fade` is the time before it that it takes. */
export interface Span {
  readonly cue: Live;
  readonly from: number;
  readonly to: number;
  readonly fade: number;
}

const ms = 1000;

/** Of its part, once through. */
export function lengthOfPart(part: Part): number {
  return (part.b - part.a) * ms;
}

function spanOf(cue: Live, replacedAt: number): Span | undefined {
  const end = cue.loop ? Infinity : cue.start + lengthOfPart(cue);
  const silent = cue.stop ? cue.stop.at + cue.stop.fadeMs * ms : Infinity;
  const to = Math.min(end, silent, replacedAt);
  if (to <= cue.start) return undefined;
  // What ends before its fade does fades until then.
  const fade = cue.stop && cue.stop.at < to ? to - Math.max(cue.stop.at, cue.start) : 0;
  return { cue, from: cue.start, to, fade };
}

/** The sheet's cues from `armed.from` on, one behind the other, each once. */
export function armedCues(sheet: readonly SheetCue[], armed: Armed): Live[] {
  const first = sheet.findIndex((cue) => cue.name === armed.from);
  if (first < 0) return [];
  let start = armed.start;
  return sheet.slice(first).map((cue, n) => {
    const live = { ...cue, id: armed.id + n, start, loop: false, stop: null };
    start += lengthOfPart(cue);
    return live;
  });
}

/** All that is heard from now on as far as it is known, in order, each until the next begins. As src/domain/walk_timing.cpp has it. */
export function spansOf({ live, armed, sheet }: Pick<WalkState, 'live' | 'armed' | 'sheet'>): Span[] {
  const told = [live.now, live.next].filter((cue): cue is Live => cue !== null);
  const cues = armed ? [...told.filter((cue) => cue.start < armed.start), ...armedCues(sheet, armed)] : told;
  return cues.flatMap((cue, n) => spanOf(cue, cues[n + 1]?.start ?? Infinity) ?? []);
}

export function spanAt(spans: readonly Span[], time: number): Span | undefined {
  return spans.find(({ from, to }) => from <= time && time < to);
}

/** From 0 to 1, through the part. */
export function progressOf({ cue, from }: Span, time: number): number {
  const into = Math.max(0, time - from);
  const length = lengthOfPart(cue);
  return cue.loop ? (into % length) / length : Math.min(1, into / length);
}
