import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/clock/backoff';
import { heardAt } from '../../src/clock/heard';
import { nextPollMs } from '../../src/clock/pace';
import { second } from '../entries';

describe('backoffMs', () => {
  it('doubles up to fifteen seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 1000].map((n) => backoffMs(n, () => 0))).toEqual([1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  });

  it('is shortened by up to a third', () => {
    expect(backoffMs(1, () => 0.5)).toBe(833);
    expect(backoffMs(9, () => 0.999999)).toBe(10000);
  });

  it('takes a strange count for the first', () => expect(backoffMs(0, () => 0)).toBe(1000));
});

describe('heardAt', () => {
  const listener = { route: '/', firstSampleAt: 79_012_345, serverTime: 81_234_567, skipped: 0 };

  it('counts from the first sample', () => {
    expect(heardAt(listener, 0)).toBe(79_012_345);
    expect(heardAt(listener, 2.5)).toBe(81_512_345);
  });

  it('adds what the listener lost', () => expect(heardAt({ ...listener, skipped: 1_500_000 }, 1)).toBe(81_512_345));
  it('may lie before the start of the server', () => expect(heardAt({ ...listener, firstSampleAt: -3 * second }, 1)).toBe(-2 * second));
});

describe('nextPollMs', () => {
  it('is five seconds when nothing changes', () => {
    expect(nextPollMs(0, [])).toBe(5000);
    expect(nextPollMs(0, [undefined, 60 * second])).toBe(5000);
  });

  it('is soon after the nearest boundary', () => expect(nextPollMs(10 * second, [14 * second, 12 * second])).toBe(2300));

  it('never hurries more than once a second', () => {
    expect(nextPollMs(10 * second, [10 * second + 1])).toBe(1000);
    expect(nextPollMs(10 * second, [9 * second])).toBe(1000);
  });
});
