import { describe, expect, it } from 'vitest';
import { isWhole, momentAt, rulerMarks, scrolled, shareOf, stepOf, viewOfPart, wholeView, zoomed } from '../../src/conduct/view';
import { randomFrom } from '../audio/random';

const twoHours = 7_200_000;

describe('View', () => {
  it('stays within the asset whatever is done to it', () => {
    const draw = randomFrom(7);
    for (let round = 0; round < 200; round += 1) {
      const length = 1 + Math.floor(draw() * twoHours);
      let view = wholeView(length);
      for (let n = 0; n < 20; n += 1) {
        view = draw() < 0.5 ? zoomed(view, length, draw() * 3, draw() * length) : scrolled(view, length, (draw() - 0.5) * length);
        expect(view.from).toBeGreaterThanOrEqual(0);
        expect(view.to).toBeLessThanOrEqual(length + 1e-6);
        expect(view.to - view.from).toBeGreaterThanOrEqual(Math.min(500, length) - 1e-6);
      }
    }
  });

  it('comes closer around what is looked at', () => {
    const view = zoomed(wholeView(twoHours), twoHours, 0.1, 1_800_000);
    expect(view).toEqual({ from: 1_620_000, to: 2_340_000 });
    expect(shareOf(view, 1_800_000)).toBeCloseTo(0.25);
    expect(isWhole(zoomed(view, twoHours, 20, 1_800_000), twoHours)).toBe(true);
  });

  it('shows a part with a little around it', () => {
    const { from, to } = viewOfPart(10_000, 20_000, twoHours);
    expect([from, to]).toEqual([8500, 21_500]);
    expect(viewOfPart(0, 1000, 1000)).toEqual({ from: 0, to: 1000 });
  });

  it('reads moments as round as a pixel is wide', () => {
    expect(stepOf(wholeView(twoHours), 400)).toBe(1000);
    expect(momentAt(wholeView(twoHours), twoHours, 0.5001, 400)).toBe(3_601_000);
    expect(momentAt({ from: 0, to: 100 }, twoHours, 0.123, 400)).toBe(12);
    expect(momentAt(wholeView(1234), 1234, 1, 10)).toBe(1200);
    expect(momentAt(wholeView(1234), 1234, 7, 10_000)).toBe(1234);
  });

  it('marks the ruler in steps that people count in', () => {
    expect(rulerMarks(wholeView(30_000), 6)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]);
    expect(rulerMarks({ from: 900, to: 1400 }, 5)).toEqual([900, 1000, 1100, 1200, 1300, 1400]);
    expect(rulerMarks(wholeView(twoHours), 5).length).toBeLessThanOrEqual(6);
  });
});
