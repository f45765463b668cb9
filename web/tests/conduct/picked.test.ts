import { describe, expect, it } from 'vitest';
import { Picked } from '../../src/conduct/picked';
import { cueAt, regionsOf } from '../../src/conduct/regions';
import type { Asset, SheetCue } from '../../src/walk/types';

function asset(id: string, seconds: number): Asset {
  return { id, title: '', url: `/walk/assets/${id}`, file: { bytes: 384, sha256: id, rate: 48_000, frames: seconds * 48_000, delay: 1105 } };
}

function cue(name: string, a: number, b: number): SheetCue {
  return { name, asset: 'forest', a, b, volume: 100, loop: false, note: '' };
}

const made = () => new Picked(() => [asset('forest', 60), asset('sea', 10)]);

describe('Picked', () => {
  it('is the same by numbers and as a region', () => {
    const picked = made();
    expect(picked.part.value).toBeUndefined();
    picked.mark(47_000, 12_500);
    expect([picked.from.value, picked.to.value]).toEqual(['12.5', '47']);
    picked.from.value = '13,25';
    expect(picked.part.value).toEqual({ a: 13_250, b: 47_000 });
    picked.to.value = '4';
    expect(picked.part.value).toBeUndefined();
  });

  it('stays within the asset, and is never empty', () => {
    const picked = made();
    picked.mark(-5, 90_000);
    expect(picked.part.value).toEqual({ a: 0, b: 60_000 });
    picked.mark(5000, 5000);
    expect(picked.part.value).toEqual({ a: 0, b: 60_000 });
    picked.nudge('a', 100_000);
    expect(picked.part.value).toEqual({ a: 59_999, b: 60_000 });
    picked.nudge('a', -100_000);
    picked.nudge('b', -100_000);
    expect(picked.part.value).toEqual({ a: 0, b: 1 });
  });

  it('shows a cue that is taken, of whichever asset', () => {
    const picked = made();
    picked.zoom(0.01, 0);
    picked.take({ asset: 'forest', a: 30_000, b: 40_000 });
    expect(picked.view.value).toEqual({ from: 28_500, to: 41_500 });
    picked.take({ asset: 'sea', a: 1000, b: 2000 });
    expect([picked.asset.value?.id, picked.from.value, picked.isWhole.value]).toEqual(['sea', '1', true]);
  });

  it('comes closer to what is picked, and goes back', () => {
    const picked = made();
    picked.mark(30_000, 32_000);
    picked.zoom(0.1);
    expect(picked.view.value.from).toBeLessThan(30_000);
    expect(picked.view.value.to).toBeGreaterThan(32_000);
    picked.scroll(1e9);
    expect(picked.view.value.to).toBe(60_000);
    picked.zoomToPart();
    expect(picked.view.value).toEqual({ from: 29_700, to: 32_300 });
    picked.showAll();
    expect(picked.isWhole.value).toBe(true);
  });
});

describe('regions', () => {
  it('have names that do not cover each other', () => {
    const rows = regionsOf([cue('b', 10, 20), cue('a', 0, 15), cue('c', 15, 30), cue('d', 20, 25)], 'forest').map(({ cue: { name }, row }) => [name, row]);
    expect(rows).toEqual([['a', 0], ['b', 1], ['c', 0], ['d', 1]]);
    expect(regionsOf([cue('a', 0, 15)], 'sea')).toEqual([]);
  });

  it('are found by a tap, the shortest one first', () => {
    const regions = regionsOf([cue('long', 0, 100), cue('short', 10, 20)], 'forest');
    expect([5, 15, 100].map((at) => cueAt(regions, at)?.name)).toEqual(['long', 'short', undefined]);
  });
});
