import { describe, expect, it } from 'vitest';
import { progressOf, spanAt, spansOf } from '../../src/walk/cues';
import { noWalk, type Live, type SheetCue } from '../../src/walk/types';

const s = 1_000_000;

function live(id: number, start: number, rest: Partial<Live> = {}): Live {
  return { id, name: null, asset: 'x', a: 2000, b: 12_000, volume: 100, loop: false, start: start * s, stop: null, ...rest };
}

const spans = (now: Live | null, next: Live | null = null) => spansOf({ ...noWalk, live: { now, next } }).map(({ cue, from, to, fade }) => [cue.id, from / s, to / s, fade / s]);

describe('spansOf', () => {
  it('a cue is its part, a loop has no end', () => {
    expect(spans(live(1, 5))).toEqual([[1, 5, 15, 0]]);
    expect(spans(live(1, 5, { loop: true }))).toEqual([[1, 5, Infinity, 0]]);
  });

  it('another one takes its place at one moment', () => {
    expect(spans(live(1, 5), live(2, 9))).toEqual([[1, 5, 9, 0], [2, 9, 19, 0]]);
    expect(spans(live(1, 5), live(2, 30))).toEqual([[1, 5, 15, 0], [2, 30, 40, 0]]);
  });

  it('a stop fades; what ends before fades until then', () => {
    expect(spans(live(1, 5, { stop: { at: 8 * s, fadeMs: 2000 } }))).toEqual([[1, 5, 10, 2]]);
    expect(spans(live(1, 5, { stop: { at: 14 * s, fadeMs: 2000 } }))).toEqual([[1, 5, 15, 1]]);
    expect(spans(live(1, 5, { stop: { at: 4 * s, fadeMs: 500 } }))).toEqual([]);
  });

  it('a sheet runs by itself from its start, and what is live goes on until then', () => {
    const sheet: SheetCue[] = ['a', 'b', 'c'].map((name, n) => ({ name, note: '', asset: 'x', a: 0, b: (n + 1) * 1000, volume: 100, loop: n === 1 }));
    const state = { ...noWalk, sheet, live: { now: live(1, 5), next: live(2, 30) }, armed: { start: 9 * s, from: 'b', id: 40 } };
    expect(spansOf(state).map(({ cue, from, to }) => [cue.id, cue.name, from / s, to / s])).toEqual([
      [1, null, 5, 9],
      [40, 'b', 9, 11],
      [41, 'c', 11, 14],
    ]);
    expect(spansOf({ ...state, armed: { start: 9 * s, from: 'gone', id: 40 } }).map(({ cue }) => cue.id)).toEqual([1]);
  });
});

it('spanAt and progressOf', () => {
  const all = spansOf({ ...noWalk, live: { now: live(1, 5), next: live(2, 9, { loop: true }) } });
  expect([4.9, 5, 8.99, 9, 1000].map((t) => spanAt(all, t * s)?.cue.id)).toEqual([undefined, 1, 1, 2, 2]);
  expect(progressOf(all[0]!, 7.5 * s)).toBe(0.25);
  expect(progressOf(all[1]!, 24 * s)).toBe(0.5);
});
