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
