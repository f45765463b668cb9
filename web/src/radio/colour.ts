// Every station has its own colour, and every track without a cover its own picture: the same on every visit.

/** FNV-1a, 32 bit, over UTF-16 units, with a last mix so that similar names differ. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Chosen by eye: it gives the stations of the demo library colours that suit them and each other. */
const salt = 'colour106';

/** Degrees, 0 to 359. */
export function hueOf(route: string): number {
  return seedOf(salt + route) % 360;
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
