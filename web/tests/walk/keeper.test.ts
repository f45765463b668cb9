import { describe, expect, it } from 'vitest';
import { ServerTimeKeeper } from '../../src/walk/keeper';

/** `count` exchanges from `from` on with a server whose clock is `offset` ahead; both ways take 20 ms. All in µs. */
function exchanges(keeper: ServerTimeKeeper, from: number, offset: number, count: number): number {
  for (let n = 0; n < count; n += 1) {
    const sent = from + n * 100_000;
    keeper.add({ sent, received: sent + offset + 20_000, answered: sent + offset + 20_100, arrived: sent + 40_100 });
  }
  return from + count * 100_000;
}

describe('ServerTimeKeeper', () => {
  it('knows the time after some exchanges', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    exchanges(keeper, 0, 5e9, 7);
    expect([keeper.time, keeper.decided]).toEqual([undefined, false]);
    exchanges(keeper, 700_000, 5e9, 1);
    expect(keeper.decided).toBe(true);
    expect(Math.abs(keeper.time!.toServer(1e6) - 1e6 - 5e9)).toBeLessThan(1000);
  });

  it('goes on with what it knew when the network is back', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    const known = keeper.time;
    keeper.disconnected();
    expect(Math.abs(known!.toServer(now + 60e6) - now - 60e6 - 5e9)).toBeLessThan(3000);
    keeper.connected();
    expect(keeper.decided).toBe(false);
    exchanges(keeper, now + 60e6, 5e9 + 300, 8);
    expect(keeper.time).toBe(known);
    expect(keeper.decided).toBe(true);
  });

  it('is not talked out of what it knew by a connection that begins in queues', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    const known = keeper.time;
    keeper.connected();
    for (let n = 0; n < 8; n += 1) {
      const sent = now + n * 100_000;
      const received = sent + 5e9 + 420_000;
      keeper.add({ sent, received, answered: received + 100, arrived: sent + 440_100 });
    }
    expect([keeper.decided, keeper.time === known]).toEqual([true, true]);
    expect(Math.abs(keeper.time!.toServer(now + 1e6) - now - 1e6 - 5e9)).toBeLessThan(1000);
  });

  it('takes the clock of a server that was started anew as a whole', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    keeper.disconnected();
    keeper.connected();
    exchanges(keeper, now + 5e6, -3e9, 7);
    expect(Math.abs(keeper.time!.toServer(now) - now - 5e9)).toBeLessThan(1000); // until it is certain, the old one
    exchanges(keeper, now + 5e6 + 700_000, -3e9, 1);
    expect(Math.abs(keeper.time!.toServer(now) - now + 3e9)).toBeLessThan(5000);
  });

  it('goes on after a sleep in which the page\'s clock stood still', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    keeper.wake(60e6);
    expect(Math.abs(keeper.time!.toServer(now) - now - 5.06e9)).toBeLessThan(100);
    expect(keeper.time!.toClient(keeper.time!.toServer(now))).toBeCloseTo(now, 3);
    keeper.connected();
    exchanges(keeper, now, 5.06e9 + 700, 8); // what it slept is known to the millisecond
    expect(keeper.decided).toBe(true);
    exchanges(keeper, now + 800_000, 5.06e9 + 700, 40);
    expect(Math.abs(keeper.time!.toServer(now + 4.8e6) - now - 4.8e6 - 5.06e9 - 700)).toBeLessThan(300);
  });

  it('is remembered by the calendar, and doubts it the longer it is ago', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    const kept = keeper.remember(now, 1.7e12)!;
    const later = new ServerTimeKeeper();
    later.recall(0, 1.7e12 + 60_000, kept);
    expect(later.isRecalled).toBe(true);
    expect(Math.abs(later.time!.toServer(1e6) - now - 61e6 - 5e9)).toBeLessThan(1000);
    expect(later.uncertainty(0)).toBeGreaterThan(10_000);
    expect(later.uncertainty(3600e6)).toBeGreaterThan(later.uncertainty(0) + 300_000);
    later.wake(10e6);
    expect(Math.abs(later.time!.toServer(1e6) - now - 71e6 - 5e9)).toBeLessThan(1000);
    expect(later.remember(0, 1.7e12)).toBeUndefined(); // it is as old as it was
    later.connected();
    exchanges(later, 0, -3e9, 8);
    expect([later.isRecalled, Math.abs(later.time!.toServer(1e6) - 1e6 + 3e9) < 5000]).toEqual([false, true]);
  });

  it('of the future, or of another day, it remembers nothing', () => {
    const keeper = new ServerTimeKeeper();
    for (const date of [1.7e12 + 1, 1.7e12 - 25 * 3_600_000]) {
      keeper.recall(0, 1.7e12, { date, server: 7, uncertainty: 100 });
      expect([keeper.time, keeper.isRecalled]).toEqual([undefined, false]);
    }
  });

  it('a connection that breaks at once changes nothing', () => {
    const keeper = new ServerTimeKeeper();
    keeper.connected();
    const now = exchanges(keeper, 0, 5e9, 100);
    keeper.connected();
    exchanges(keeper, now, -3e9, 3);
    keeper.disconnected();
    expect(Math.abs(keeper.time!.toServer(now) - now - 5e9)).toBeLessThan(1000);
  });
});
