// The window of an asset that is looked at, in ms. Pure.

export interface View {
  readonly from: number;
  readonly to: number;
}

/** ms: closer than that nobody can see anything. */
const leastView = 500;
const steps = [1, 10, 100, 1000];

function placed(from: number, width: number, length: number): View {
  const wide = Math.min(Math.max(width, Math.min(leastView, length)), length);
  const begin = Math.min(Math.max(0, from), length - wide);
  return { from: begin, to: begin + wide };
}

export function wholeView(length: number): View {
  return { from: 0, to: length };
}

/** `factor` below 1 comes closer; `around` (ms) stays where it is on the screen. */
export function zoomed(view: View, length: number, factor: number, around: number): View {
  const width = (view.to - view.from) * factor;
  const wide = Math.min(Math.max(width, Math.min(leastView, length)), length);
  const share = Math.min(1, Math.max(0, shareOf(view, around)));
  return placed(around - share * wide, wide, length);
}

export function scrolled(view: View, length: number, by: number): View {
  return placed(view.from + by, view.to - view.from, length);
}

/** So that a part is seen, with a little around it. */
export function viewOfPart(a: number, b: number, length: number): View {
  const margin = Math.max((b - a) * 0.15, leastView / 4);
  return placed(a - margin, b - a + 2 * margin, length);
}

export function isWhole(view: View, length: number): boolean {
  return view.from <= 0 && view.to >= length;
}

/** 0 at its left edge, 1 at its right one; beyond them less, or more. */
export function shareOf(view: View, ms: number): number {
  return (ms - view.from) / (view.to - view.from);
}

/** What stands at a share of the width: as round as a pixel of the screen is wide, so that nobody reads what nobody has chosen. */
export function momentAt(view: View, length: number, share: number, pixels: number): number {
  const exact = view.from + share * (view.to - view.from);
  const step = stepOf(view, pixels);
  return Math.min(length, Math.max(0, Math.round(exact / step) * step));
}

/** The longest of 1, 10, 100 ms and 1 s that a pixel is not shorter than; 1 ms at least. */
export function stepOf(view: View, pixels: number): number {
  const width = (view.to - view.from) / Math.max(1, pixels);
  return steps.filter((step) => step <= width).at(-1) ?? 1;
}

/** ms between the marks of a ruler, of which there are at most `most`. */
export function rulerStep(view: View, most: number): number {
  const seconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
  const width = (view.to - view.from) / 1000;
  return (seconds.find((each) => width / each <= most) ?? 7200) * 1000;
}

export function rulerMarks(view: View, most: number): number[] {
  const step = rulerStep(view, most);
  const marks: number[] = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) marks.push(at);
  return marks;
}
