import { describe, expect, it } from 'vitest';
import { ToldLatency } from '../../src/audio/told_latency';

const every = 0.1;

/** `latency` of each second from 0 on, in µs. */
function told(seconds: number, latency: (second: number) => number, into = new ToldLatency(), from = 0): ToldLatency {
  for (let n = 0; n < seconds / every; n += 1) into.add(from + n * every, latency(from + n * every));
  return into;
}

describe('ToldLatency', () => {
  it('is what is said at first, at once', () => {
    expect(told(0.1, () => 42_000).value).toBe(42_000);
    expect(new ToldLatency().count).toBe(0);
  });

  it('forgets how it began', () => {
    expect(told(30, (second) => (second < 10 ? 80_000 - 4000 * second : 40_000)).value).toBe(40_000);
  });

  it('is the middle of what is said in steps', () => {
    const value = told(60, (second) => (Math.floor(second * 10) % 3 ? 32_000 : 24_000)).value;
    expect(value).toBe(32_000);
  });

  it.each([
    [100_000, 0.6],
    [-30_000, 4.5],
    [15_000, 4.5],
  ])('another device is believed, %d µs off, after %d s', (off, seconds) => {
    const latency = told(60, () => 150_000);
    told(seconds, () => 150_000 + off, latency, 60);
    expect(latency.value).toBe(150_000 + off);
  });

  it.each([
    ['one outlier', (second: number) => (second === 60 ? 300_000 : 50_000)],
    ['a slow swing', (second: number) => 50_000 + 20_000 * Math.sin(second)],
  ])('is not moved by %s', (_, later) => {
    const latency = told(60, () => 50_000);
    told(3, later, latency, 60);
    expect(Math.abs(latency.value - 50_000)).toBeLessThan(1000);
  });
});
