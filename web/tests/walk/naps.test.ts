import { describe, expect, it } from 'vitest';
import { Naps } from '../../src/walk/naps';

const opened = 1.7e12;

describe('Naps', () => {
  it('is what the calendar went on and the clock of a page that nobody saw did not', () => {
    const naps = new Naps();
    expect(naps.look(0, opened, false)).toBe(0);
    expect(naps.look(5e6, opened + 5000, true)).toBe(0);
    expect(naps.look(5.1e6, opened + 65_100, false)).toBe(60_000);
    expect(naps.look(6e6, opened + 66_000, false)).toBe(0);
  });

  it('is none where somebody who looks sets the calendar, or it is set back', () => {
    const naps = new Naps();
    naps.look(0, opened, false);
    expect(naps.look(1e6, opened + 3_601_000, false)).toBe(0);
    naps.look(2e6, opened + 3_602_000, true);
    expect(naps.look(3e6, opened + 3000, true)).toBe(0);
  });

  it('is none where timers were held back, nor where a calendar is a little off', () => {
    const naps = new Naps();
    naps.look(0, opened, true);
    expect(naps.look(60e6, opened + 60_000, true)).toBe(0);
    expect(naps.look(120e6, opened + 120_200, true)).toBe(0);
  });
});
