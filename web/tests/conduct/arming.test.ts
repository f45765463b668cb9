import { describe, expect, it } from 'vitest';
import { readStart, waitText } from '../../src/conduct/arming';

const noon = new Date(2026, 5, 1, 12, 0, 0, 250).getTime();
const time = 1_000_000_000;

describe('readStart', () => {
  it('is the next time that it is so late, by the clock of the server', () => {
    expect(readStart('12:00:10', noon, time)).toEqual({ value: time + 9_750_000 });
    expect(readStart('9:00', noon, time)).toEqual({ value: time + (21 * 3600 - 0.25) * 1e6 });
    expect(readStart(' ', noon, undefined)).toEqual({ value: undefined });
  });

  it.each(['12', '24:00', '12:60', 'noon', '12:00:61'])('is not %s', (typed) => expect(readStart(typed, noon, time)).toHaveProperty('wrong'));
  it('waits for the clock', () => expect(readStart('13:00', noon, undefined)).toHaveProperty('wrong'));
});

it.each([[-1, '0.0 s'], [4_230_000, '4.2 s'], [83_000_000, '1:23'], [3_723_000_000, '1:02:03']])('%i µs is %s', (us, text) => expect(waitText(us)).toBe(text));
