import { describe, expect, it } from 'vitest';
import { columnsOf, outline, parsePeaks } from '../../src/conduct/peaks';

const points = (...peaks: number[]) => new Uint8Array(peaks.flatMap((peak) => [peak, peak / 2])).buffer;

describe('Peaks', () => {
  it('are as the server says, or none', () => {
    expect(parsePeaks(points(255, 0), 2304, 48_000)?.step).toBe(48);
    expect(parsePeaks(new ArrayBuffer(3), 2304, 48_000)).toBeUndefined();
    expect(parsePeaks(points(1), NaN, 48_000)).toBeUndefined();
    expect(parsePeaks(new ArrayBuffer(2 << 20), 2304, 48_000)).toBeUndefined();
  });

  it('have the loudest of all that falls into a column', () => {
    const peaks = parsePeaks(points(0, 255, 0, 51, 0, 102), 48, 48_000)!; // a point is 1 ms
    expect(columnsOf(peaks, { from: 0, to: 6 }, 3).map(({ peak }) => peak)).toEqual([1, 0.2, 0.4]);
    expect(columnsOf(peaks, { from: 2, to: 4 }, 2).map(({ peak }) => peak)).toEqual([0, 0.2]);
  });

  it('are steps where a column is shorter than a point, and silence behind the end', () => {
    const peaks = parsePeaks(points(255, 51), 48, 48_000)!;
    expect(columnsOf(peaks, { from: 0.5, to: 1.5 }, 4).map(({ peak }) => peak)).toEqual([1, 1, 0.2, 0.2]);
    expect(columnsOf(peaks, { from: 1, to: 4 }, 3).map(({ peak }) => peak)).toEqual([0.2, 0, 0]);
  });

  it('are drawn as one closed line that is seen in silence too', () => {
    expect(outline([1, 0])).toBe('M0 0L0 -1.000L1 -1.000L1 -0.005L2 -0.005L2 0L2 0.005L1 0.005L1 1.000L0 1.000Z');
    expect(outline([])).toBe('');
  });
});
