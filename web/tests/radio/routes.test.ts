import { describe, expect, it } from 'vitest';
import { hueOf, randomFrom, seedOf } from '../../src/radio/colour';
import { stationAt, stationBeside } from '../../src/radio/routes';
import { station } from '../entries';

const [main, humor, moon] = [station('/'), station('/humor'), station('/Тишина 🌙')];
const all = [main, humor, moon];

describe('stationAt', () => {
  it('selects the station whose address it is', () => {
    expect(stationAt('/humor', all)).toBe(humor);
    expect(stationAt('/humor/', all)).toBe(humor);
    expect(stationAt(encodeURI('/Тишина 🌙'), all)).toBe(moon);
    expect(stationAt(moon.url, all)).toBe(moon);
  });

  it('selects the default station at the page’s own addresses and unknown ones', () => {
    for (const path of ['/', '/web', '/status', '/gone', '/%E0%A4%A', '']) expect(stationAt(path, all)).toBe(main);
  });

  it('does without a default station, and without any', () => {
    expect(stationAt('/', [humor, moon])).toBe(humor);
    expect(stationAt('/', [])).toBeUndefined();
  });
});

describe('stationBeside', () => {
  it('goes around', () => {
    expect(stationBeside('/', 1, all)).toBe(humor);
    expect(stationBeside('/', -1, all)).toBe(moon);
    expect(stationBeside(moon.route, 1, all)).toBe(main);
    expect(stationBeside('/gone', 1, all)).toBeUndefined();
  });
});

describe('colour', () => {
  it('is the same on every visit and within the circle', () => {
    expect(hueOf('/humor')).toBe(hueOf('/humor'));
    for (const route of ['', '/', '/a', '/b', moon.route]) {
      expect(hueOf(route)).toBeGreaterThanOrEqual(0);
      expect(hueOf(route)).toBeLessThan(360);
    }
  });

  it('spreads over the circle', () => {
    const hues = Array.from({ length: 360 }, (_, n) => Math.floor(hueOf(`/station${n}`) / 60));
    for (let sixth = 0; sixth < 6; sixth += 1) expect(hues.filter((hue) => hue === sixth).length).toBeGreaterThan(30);
  });

  it('draws the same picture from the same seed', () => {
    const [one, two, other] = [randomFrom(seedOf('a')), randomFrom(seedOf('a')), randomFrom(seedOf('b'))];
    const drawn = Array.from({ length: 5 }, one);
    expect(drawn).toEqual(Array.from({ length: 5 }, two));
    expect(drawn).not.toEqual(Array.from({ length: 5 }, other));
    expect(drawn.every((n) => n >= 0 && n < 1)).toBe(true);
  });
});
