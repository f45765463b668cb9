import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ClockFilter } from '../../src/clock/clock_filter';

const vectors = readFileSync(new URL('../../../tests/vectors/clock.txt', import.meta.url), 'utf8').split('\n');

describe('ClockFilter', () => {
  it('says what the server’s own filter says', () => {
    let filter = new ClockFilter();
    let checked = 0;
    vectors.forEach((line, index) => {
      const [kind, ...words] = line.split(' ');
      const [a = NaN, b = NaN, c = NaN, d = NaN] = words.map(Number);
      if (kind === 'c') filter = new ClockFilter();
      if (kind === 'x') expect(filter.add({ sent: a, received: b, answered: c, arrived: d })).toBe(true);
      if (kind === 'e') {
        expect(Math.abs(filter.toServer(a) - b), `line ${index + 1}`).toBeLessThan(1.5);
        expect(Math.abs(filter.toClient(b) - a), `line ${index + 1}`).toBeLessThan(1.5);
        expect(Math.abs(filter.uncertainty(a) - c), `line ${index + 1}`).toBeLessThanOrEqual(1);
        ++checked;
      }
    });
    expect(checked).toBeGreaterThan(200);
  });

  it('changes nothing and knows nothing before the first exchange', () => {
    const filter = new ClockFilter();
    expect(filter.toServer(5)).toBe(5);
    expect(filter.toClient(5)).toBe(5);
    expect(filter.uncertainty(5)).toBe(Infinity);
    expect(filter.ready).toBe(false);
    expect(filter.interval()).toBe(50_000);
  });

  it('takes nothing that cannot be true', () => {
    const filter = new ClockFilter();
    const good = { sent: 1000, received: 5000, answered: 5010, arrived: 1300 };
    expect(filter.add(good)).toBe(true);
    const wrong = [
      { ...good, arrived: 900 },
      { ...good, answered: 4999 },
      { ...good, answered: 9000 },
      { ...good, sent: 0, arrived: 1200 }, // before the last one
      { ...good, received: NaN },
      { ...good, answered: Infinity },
      { ...good, received: -(2 ** 60) },
    ];
    for (const each of wrong) expect(filter.add(each), JSON.stringify(each)).toBe(false);
    expect(Math.abs(filter.toServer(1150) - 5005)).toBeLessThan(2);
  });

  it('finds a clock that was set', () => {
    const filter = new ClockFilter();
    const ask = (sent: number, offset: number) =>
      filter.add({ sent, received: sent + offset + 500, answered: sent + offset + 510, arrived: sent + 1010 });
    for (let i = 0; i < 30; ++i) ask(i * 1e6, 7_000_000);
    expect(filter.jumps).toBe(0);
    expect(filter.interval()).toBe(1_000_000);
    ask(30e6, 9_000_000);
    expect(filter.jumps).toBe(1);
    expect(filter.interval()).toBe(50_000);
    expect(Math.abs(filter.toServer(30e6) - 39e6)).toBeLessThan(5);
  });
});
