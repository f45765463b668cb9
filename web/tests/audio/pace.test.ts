import { describe, expect, it } from 'vitest';
import { paceOf, usualPace } from '../../src/audio/pace';
import { randomFrom } from './random';

const frames = 24_000;

describe('paceOf', () => {
  it('copies samples while the error is too small to be heard', () => {
    expect(paceOf(11, frames + 1, frames, false)).toEqual({ taken: frames, correcting: false });
    expect(paceOf(-11, frames - 1, frames, false)).toEqual({ taken: frames, correcting: false });
  });

  it('once it corrects, it goes on until the error is gone', () => {
    expect(paceOf(11, frames, frames, true).taken).toBeLessThan(frames);
    expect(paceOf(1, frames, frames, true)).toEqual({ taken: frames, correcting: false });
  });

  it.each([1, 2, 3, 4])('comes to rest at any drift and error, never faster than nobody hears (seed %i)', (seed) => {
    const random = randomFrom(seed);
    for (let round = 0; round < 50; round += 1) {
      const drift = (random() - 0.5) * 400e-6;
      let error = (random() - 0.5) * 1900;
      let correcting = false;
      for (let n = 0; n < 120; n += 1) {
        const due = frames * (1 + drift);
        const pace = paceOf(error, due, frames, correcting);
        expect(Math.abs(pace.taken / frames - 1)).toBeLessThan(usualPace.most + 1e-9);
        error += pace.taken - due;
        correcting = pace.correcting;
      }
      // A piece's drift more than where a correction begins.
      expect(Math.abs(error)).toBeLessThan(usualPace.begin + 6);
    }
  });
});
