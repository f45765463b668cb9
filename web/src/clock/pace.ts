// When to ask for the stations again: every five seconds, and soon after something changes.

const usualMs = 5000;
const shortestMs = 1000;
/** Time for the server to have moved on as well. */
const afterBoundaryMs = 300;

/** `now` and `boundaries` are µs of server time. */
export function nextPollMs(now: number, boundaries: readonly (number | undefined)[]): number {
  const waits = boundaries.flatMap((at) => (at === undefined ? [] : [(at - now) / 1000 + afterBoundaryMs]));
  return Math.max(shortestMs, Math.min(usualMs, ...waits));
}
