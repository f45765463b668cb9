import { describe, expect, it } from 'vitest';
import { DeviceClock, type Reading } from '../../src/audio/device_clock';
import { randomFrom } from './random';

interface Device {
  /** µs */
  readonly latency: number;
  readonly drift?: number;
  /** µs of noise in what it says of its stamps. */
  readonly noise?: number;
  readonly stamps?: 'good' | 'none' | 'zero' | 'still' | 'current' | 'wild';
  readonly tells?: number | undefined;
}

const quantum = 0.01;
/** µs between two looks. */
const look = 97_000;

/** What a browser with such a device says at page time `now`; its context began at 0. */
function readings(device: Device, random = randomFrom(7)) {
  const { latency, drift = 0, noise = 0, stamps = 'good', tells } = device;
  return (now: number): Reading => {
    const exact = (now / 1e6) * (1 + drift);
    const currentTime = Math.floor(exact / quantum) * quantum;
    const heard = ((now - latency) / 1e6) * (1 + drift);
    const stamp = {
      good: { contextTime: heard, performanceTime: now / 1000 + ((random() - 0.5) * noise) / 1000 },
      none: undefined,
      zero: { contextTime: 0, performanceTime: 0 },
      still: { contextTime: 1.25, performanceTime: 1250 },
      current: { contextTime: currentTime, performanceTime: now / 1000 },
      wild: { contextTime: currentTime + (random() - 0.5) * 100, performanceTime: now / 1000 },
    }[stamps];
    return { now, currentTime, stamp, outputLatency: tells, baseLatency: 0.01 };
  };
}

function after(device: Device, seconds: number, clock = new DeviceClock(), from = 0) {
  const read = readings(device);
  const late = randomFrom(5); // as timers are
  for (let now = from * 1e6 + look; now <= (from + seconds) * 1e6; now += look) clock.add(read(now + late() * 2000));
  return clock;
}

/** When the context's time c is heard really. */
const truth = ({ latency, drift = 0 }: Device, c: number) => (c / (1 + drift)) * 1e6 + latency;

describe('DeviceClock', () => {
  it('is ready after three readings', () => {
    const read = readings({ latency: 30_000 });
    const clock = new DeviceClock();
    for (const now of [100_000, 200_000, 300_000]) {
      expect(clock.ready).toBe(false);
      clock.add(read(now));
    }
    expect(clock.ready).toBe(true);
  });

  it.each([0, 80e-6, -80e-6])('finds when it is heard in noisy stamps, drift %d', (drift) => {
    const device = { latency: 42_000, drift, noise: 2000 };
    const clock = after(device, 90);
    expect(Math.abs(clock.heardAt(94) - truth(device, 94))).toBeLessThan(600);
  });

  it.each(['none', 'zero', 'still', 'current', 'wild'] as const)('does without stamps that are %s', (stamps) => {
    const device = { latency: 60_000, stamps, tells: 0.06 };
    const clock = after(device, 20);
    expect(Math.abs(clock.heardAt(21) - truth(device, 21))).toBeLessThan(11_000); // a step of currentTime
  });

  it.each([undefined, 0, -1, NaN, 30])('takes a usual latency for one that is not told: %s', (tells) => {
    const clock = after({ latency: 30_000, stamps: 'none', tells }, 10);
    expect(clock.latency).toBeCloseTo(30_000, -1);
  });

  it('follows within a second when headphones with another latency are put on', () => {
    const clock = after({ latency: 20_000 }, 20);
    const bluetooth = { latency: 220_000 };
    after(bluetooth, 1, clock, 20);
    expect(Math.abs(clock.heardAt(22) - truth(bluetooth, 22))).toBeLessThan(1000);
  });

  it('is not led astray by one wrong stamp', () => {
    const device = { latency: 20_000 };
    const clock = after(device, 10);
    const one = readings(device)(10_100_000);
    clock.add({ ...one, stamp: { contextTime: one.stamp!.contextTime - 0.3, performanceTime: one.stamp!.performanceTime } });
    expect(Math.abs(clock.heardAt(11) - truth(device, 11))).toBeLessThan(100);
  });

  it('follows within a second when the output has left out a period, by stamps that are right', () => {
    const clock = after({ latency: 45_000, noise: 100 }, 20);
    const later = { latency: 45_000 + 10_667, noise: 100 };
    after(later, 1, clock, 20);
    expect(Math.abs(clock.heardAt(22) - truth(later, 22))).toBeLessThan(300);
  });

  it("is not moved about by a sound server's reckoning, which swings and then wanders", () => {
    const device = { latency: 45_000 };
    const read = readings(device);
    const random = randomFrom(3);
    const clock = new DeviceClock();
    let wander = 0;
    const heard: number[] = [];
    for (let now = look; now < 120e6; now += look) {
      const seconds = now / 1e6;
      const swing = 30_000 * Math.exp(-seconds / 6) * Math.sin(seconds / 2);
      wander = 0.9 * wander + (random() - 0.5) * 2000;
      const reading = read(now + random() * 2000);
      const stamp = { contextTime: reading.stamp!.contextTime, performanceTime: reading.stamp!.performanceTime + (swing + wander) / 1000 };
      clock.add({ ...reading, stamp });
      if (seconds > 30) heard.push(clock.heardAt(seconds) - truth(device, seconds));
    }
    expect(Math.max(...heard.map(Math.abs))).toBeLessThan(2000);
  });

  it('contextAt is the way back', () => {
    const clock = after({ latency: 42_000, drift: 50e-6 }, 120);
    for (const c of [100, 121.5, 130]) expect(clock.contextAt(clock.heardAt(c))).toBeCloseTo(c, 9);
  });

  it('knows nothing after a reset, nor from a context that stands still', () => {
    const clock = after({ latency: 20_000 }, 5);
    clock.reset();
    expect(clock.ready).toBe(false);
    const still = { now: 1, currentTime: 3, stamp: undefined, outputLatency: 0.02, baseLatency: 0.01 };
    for (let n = 0; n < 10; n += 1) clock.add({ ...still, now: n * 1e5 });
    expect(clock.ready).toBe(false);
  });
});
