import { describe, expect, it } from 'vitest';
import { SteadyStamps } from '../../src/audio/steady_stamps';
import { randomFrom } from './random';

const every = 0.1;

function stamped(seconds: number, offset: (second: number) => number, into = new SteadyStamps(), from = 0): SteadyStamps {
  for (let n = 0; n < seconds / every; n += 1) into.add(from + n * every, offset(from + n * every));
  return into;
}

const noise = (seed: number, most: number) => {
  const random = randomFrom(seed);
  return () => (random() * 2 - 1) * most;
};

describe('SteadyStamps', () => {
  it('believes the first ones', () => {
    expect(new SteadyStamps().offsetAt(0, 0)).toBeUndefined();
    expect(stamped(0.1, () => 1000).offsetAt(0.1, 0)).toBe(1000);
  });

  it.each([100, 1000])('believes stamps with ±%d µs of noise', (most) => {
    const random = noise(1, most);
    const offset = stamped(30, () => 45_000 + random()).offsetAt(30, 0);
    expect(Math.abs(offset! - 45_000)).toBeLessThan(most / 2);
  });

  it('does not believe stamps that wander', () => {
    const random = noise(1, 1000);
    let wander = 0;
    expect(stamped(30, () => 45_000 + (wander = 0.9 * wander + random())).offsetAt(30, 0)).toBeUndefined();
    expect(stamped(30, (second) => 45_000 + 1500 * second).offsetAt(30, 0)).toBeUndefined();
  });

  it('follows a step within some stamps, and goes on to believe', () => {
    const stamps = stamped(20, () => 45_000);
    stamped(0.5, () => 55_667, stamps, 20);
    expect(stamps.offsetAt(20.5, 0)).toBe(55_667);
    stamped(3, () => 55_667, stamps, 20.5);
    expect(stamps.offsetAt(23, 0)).toBe(55_667);
  });

  it('one wrong stamp is none', () => {
    const stamps = stamped(20, () => 45_000);
    stamped(0.1, () => 345_000, stamps, 20);
    expect(stamps.offsetAt(20.1, 0)).toBe(45_000);
  });

  it('takes the drift into account', () => {
    const drift = 80e-6;
    const offset = stamped(20, (second) => drift * second * 1e6).offsetAt(20, drift);
    expect(offset).toBeCloseTo(drift * 20 * 1e6, 3);
  });
});
