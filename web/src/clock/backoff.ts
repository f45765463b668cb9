// Pauses between attempts: 1, 2, 4, 8, 15, 15 … seconds, each shortened at random by up to a third so that a
// thousand pages do not come back in the same instant after a restart.

const firstMs = 1000;
const longestMs = 15_000;

/** `attempt` counts from 1; `random` gives [0, 1). */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const doubled = firstMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 10);
  return Math.round(Math.min(doubled, longestMs) * (1 - random() / 3));
}
