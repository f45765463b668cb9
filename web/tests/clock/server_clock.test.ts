import { describe, expect, it } from 'vitest';
import { ServerClock } from '../../src/clock/server_clock';

describe('ServerClock', () => {
  it('knows nothing before the first answer', () => expect(new ServerClock().at(0)).toBeUndefined());

  it('takes the answer to be made halfway between asking and receiving', () => {
    const clock = new ServerClock();
    clock.add(5_000_000, 100, 140);
    expect(clock.at(120)).toBe(5_000_000);
    expect(clock.at(1120)).toBe(6_000_000);
  });

  it('trusts the shortest round trip', () => {
    const clock = new ServerClock();
    clock.add(1_010_000, 0, 20);
    clock.add(2_400_000, 1000, 1800);
    expect(clock.at(2000)).toBeCloseTo(3_000_000, -1);
  });

  it('lets an old sample age, because clocks drift', () => {
    const clock = new ServerClock();
    clock.add(0, 0, 0);
    const hour = 3_600_000;
    clock.add(hour * 1000 + 50_000, hour - 10, hour + 10);
    expect(clock.at(hour)).toBe(hour * 1000 + 50_000);
  });

  it('keeps a bounded number of samples', () => {
    const clock = new ServerClock();
    clock.add(0, 0, 0);
    for (let n = 1; n <= 20; n += 1) clock.add(n * 1_000_000 + 7000, n * 1000 - 5, n * 1000 + 5);
    expect(clock.at(21_000)).toBe(21_007_000);
  });

  it('starts anew when the server did', () => {
    const clock = new ServerClock();
    expect(clock.add(900_000_000, 0, 10)).toBe(false);
    expect(clock.add(905_000_000, 5000, 5010)).toBe(false);
    expect(clock.add(2_000_000, 10_000, 10_010)).toBe(true);
    expect(clock.at(10_005)).toBe(2_000_000);
  });

  it('does not mistake a slow answer for a restart', () => {
    const clock = new ServerClock();
    clock.add(1_000_000, 995, 1005);
    expect(clock.add(2_000_000, 2000, 9900)).toBe(false);
  });
});
