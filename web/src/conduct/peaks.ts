// How loud an asset is where, as the server has measured it, and the outline that is drawn of it. Pure.

import type { View } from './view';

export interface Peaks {
  /** ms of a point. */
  readonly step: number;
  /** For each point the peak and the mean, 0 to 255, as they are to be drawn. */
  readonly points: Uint8Array;
}

const mostBytes = 1 << 20;

/** Of the server's answer: `step` in samples. Undefined where it is none. */
export function parsePeaks(bytes: ArrayBuffer, step: number, rate: number): Peaks | undefined {
  if (!(step > 0) || !(rate > 0) || bytes.byteLength % 2 || bytes.byteLength > mostBytes) return undefined;
  return { step: (step / rate) * 1000, points: new Uint8Array(bytes) };
}

/** For each of `count` columns the loudest peak and mean in it, from 0 to 1. */
export function columnsOf({ step, points }: Peaks, view: View, count: number): { peak: number; mean: number }[] {
  const last = points.length / 2 - 1;
  const width = (view.to - view.from) / count;
  return Array.from({ length: count }, (_, n) => {
    const first = Math.max(0, Math.floor((view.from + n * width) / step));
    const end = Math.min(last, Math.max(first, Math.ceil((view.from + (n + 1) * width) / step) - 1));
    let [peak, mean] = [0, 0];
    for (let at = first; at <= end; at += 1) {
      peak = Math.max(peak, points[2 * at]!);
      mean = Math.max(mean, points[2 * at + 1]!);
    }
    return { peak: peak / 255, mean: mean / 255 };
  });
}

/** An SVG path around the heights (0 to 1), mirrored at 0; a column is 1 wide. */
export function outline(heights: readonly number[]): string {
  const y = (height: number) => Math.max(0.005, height).toFixed(3);
  const over = heights.map((height, n) => `L${n} -${y(height)}L${n + 1} -${y(height)}`).join('');
  const under = heights.map((height, n) => `L${n + 1} ${y(height)}L${n} ${y(height)}`).reverse().join('');
  return heights.length ? `M0 0${over}L${heights.length} 0${under}Z` : '';
}
