import { describe, expect, it } from 'vitest';
import { before, behind, isReady, ramp, readPassage, stretched, type Passage } from '../../src/audio/pieces';
import { lengthOf } from '../../src/wsaudio/source';
import { Numbered } from './fakes';
import { randomFrom } from './random';

const passage = (first: number, length: number, loop = false, material = new Numbered(48_000, 100_000)): Passage => ({ material, first, length, loop });
const read = (one: Passage, from: number, count: number) => [...readPassage(one, from, count)[0]!];

describe('readPassage', () => {
  it('is silent outside of the part', () => {
    expect(read(passage(50, 4), -2, 8)).toEqual([0, 0, 51, 52, 53, 54, 0, 0]);
  });

  it('goes round in a loop', () => {
    expect(read(passage(50, 3, true), 1, 8)).toEqual([52, 53, 51, 52, 53, 51, 52, 53]);
  });

  it('is silent where the part is longer than the asset', () => {
    expect(read(passage(99_998, 4, true), 0, 8)).toEqual([99_999, 100_000, 0, 0, 99_999, 100_000, 0, 0]);
  });

  it('reads across the edges of decoded parts', () => {
    expect(read(passage(0, 50_000), 9_998, 4)).toEqual([9_999, 10_000, 10_001, 10_002]);
  });
});

describe('isReady', () => {
  it('waits for what is not here, and not for what is outside', () => {
    const material = new Numbered(48_000, 100_000);
    material.stored = 60;
    expect(isReady(passage(50, 1000, false, material), 0, 10)).toBe(true);
    expect(isReady(passage(50, 1000, false, material), 0, 11)).toBe(false);
    expect(isReady(passage(50, 10, false, material), -1, 100)).toBe(true);
    expect(isReady(passage(50, 10, true, material), 0, 1000)).toBe(true);
  });
});

describe('stretched', () => {
  it('copies when nothing is to be corrected', () => {
    const sound = readPassage(passage(0, 1000), 9, 10 + before + behind);
    expect([...stretched(sound, 10, 10)[0]!]).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it.each([1, 2, 3])('makes one line of pieces of any pace (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const whole = passage(0, 90_000);
    const out: number[] = [];
    let sample = 1000;
    while (out.length < 20_000) {
      const frames = 500 + Math.floor(random() * 1000);
      const taken = frames + Math.floor((random() - 0.5) * 10);
      const piece = stretched(readPassage(whole, sample - before, taken + before + behind), taken, frames);
      expect(lengthOf(piece)).toBe(frames);
      out.push(...piece[0]!);
      sample += taken;
    }
    // On a straight line the curve is that line: steps of the pace, also where pieces join.
    const steps = out.slice(1).map((value, n) => value - out[n]!);
    expect(Math.min(...steps)).toBeGreaterThan(0.985);
    expect(Math.max(...steps)).toBeLessThan(1.015);
  });
});

describe('ramp', () => {
  it('begins and ends where it is told, within the piece or not', () => {
    const sound = [Float32Array.of(1, 1, 1, 1, 1, 1)];
    ramp(sound, -2, 2, 0, 1);
    ramp(sound, 4, 8, 1, 0);
    expect([...sound[0]!]).toEqual([0.5, 0.75, 1, 1, 1, 0.75]);
  });
});
