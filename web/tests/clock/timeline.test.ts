import { describe, expect, it } from 'vitest';
import { endsAt, entryAt, momentAt, nextBoundary, progressAt, withHeard } from '../../src/clock/timeline';
import { entry, second } from '../entries';

const [a, b, c] = [entry(-5, 15), entry(10, 20), entry(30, 10)];
const all = [a, b, c];

describe('entryAt', () => {
  it('takes the entry that has begun and not ended', () => {
    expect(entryAt(all, 0)).toBe(a);
    expect(entryAt(all, -5 * second)).toBe(a);
    expect(entryAt(all, 15 * second)).toBe(b);
  });

  it('gives a boundary to the entry that begins there', () => {
    expect(entryAt(all, 10 * second - 1)).toBe(a);
    expect(entryAt(all, 10 * second)).toBe(b);
  });

  it('knows nothing outside of what is told', () => {
    expect(entryAt(all, -6 * second)).toBeUndefined();
    expect(entryAt(all, 40 * second)).toBeUndefined();
    expect(entryAt([], 0)).toBeUndefined();
  });
});

describe('momentAt', () => {
  it('orders what was and what comes by nearness', () => {
    expect(momentAt(all, 35 * second)).toEqual({ before: [b, a], now: c, next: [] });
    expect(momentAt(all, 0)).toEqual({ before: [], now: a, next: [b, c] });
  });

  it('counts an entry as over at its very end', () => {
    expect(momentAt(all, 10 * second)).toEqual({ before: [a], now: b, next: [c] });
  });
});

describe('progressAt', () => {
  it('runs from 0 to 1 and stays there', () => {
    expect(progressAt(b, 0)).toBe(0);
    expect(progressAt(b, 10 * second)).toBe(0);
    expect(progressAt(b, 20 * second)).toBe(0.5);
    expect(progressAt(b, 99 * second)).toBe(1);
  });

  it('is over for an entry without length', () => expect(progressAt(entry(0, 0), 0)).toBe(1));
});

describe('nextBoundary', () => {
  it('is the next start, or the last end', () => {
    expect(nextBoundary(all, 0)).toBe(10 * second);
    expect(nextBoundary(all, 10 * second)).toBe(30 * second);
    expect(nextBoundary(all, 35 * second)).toBe(40 * second);
    expect(nextBoundary(all, 41 * second)).toBeUndefined();
    expect(nextBoundary([], 0)).toBeUndefined();
  });
});

describe('withHeard', () => {
  it('keeps an older entry while an ear is still in it', () => {
    expect(withHeard([a, b], [b, c], 9 * second)).toEqual([a, b, c]);
    expect(withHeard([a, b], [b, c], 11 * second)).toEqual([b, c]);
  });

  it('never doubles an entry', () => {
    expect(withHeard(all, [entry(10, 20), entry(30, 10)], 0).map(endsAt)).toEqual([a, b, c].map(endsAt));
  });

  it('gives in to an empty answer', () => expect(withHeard(all, [], 0)).toEqual([]));
});
