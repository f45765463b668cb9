import { describe, expect, it } from 'vitest';
import { applyWalk } from '../../src/walk/parse';
import { noWalk } from '../../src/walk/types';

const sha256 = 'ab'.repeat(32);
const asset = { id: 'forest', title: 'Forest', url: '/walk/assets/forest', bytes: 768, sha256, type: 'audio/mpeg', rate: 48_000, frames: 1000, delay: 1105, ready: true };
const cue = { id: 17, name: null, asset: 'forest', a_ms: 12_500, b_ms: 47_000, start: 5, volume: 100, loop: false, author: 'anna', stop: { at: 9, fade_ms: 500 } };

describe('applyWalk', () => {
  it('reads what the server says', () => {
    const state = applyWalk(noWalk, {
      walk: { title: 'Park', text: 't', welcome: 'w', languages: ['en'] },
      assets: [asset, { id: 'river', title: 'River', url: '/walk/assets/river', ready: false, rate: 48_000, frames: 5 }],
      sheet: [{ name: 'bridge', asset: 'forest', a_ms: 0, b_ms: 10, note: 'n', volume: 50, loop: true }],
      live: { now: cue, next: null },
      messages: [{ seq: 3, text: 'Turn left', at: 7, author: 'anna' }],
      lead_ms: 1200,
      armed: { start: 5, from: 'bridge', id: 20, author: 'anna' },
    });
    expect(state).toEqual({
      title: 'Park', text: 't', welcome: 'w',
      assets: [
        { id: 'forest', title: 'Forest', url: '/walk/assets/forest', file: { bytes: 768, sha256, rate: 48_000, frames: 1000, delay: 1105 } },
        { id: 'river', title: 'River', url: '/walk/assets/river', file: undefined },
      ],
      sheet: [{ name: 'bridge', asset: 'forest', a: 0, b: 10, note: 'n', volume: 50, loop: true }],
      live: { now: { id: 17, name: null, asset: 'forest', a: 12_500, b: 47_000, start: 5, volume: 100, loop: false, stop: { at: 9, fadeMs: 500 } }, next: null },
      messages: [{ seq: 3, text: 'Turn left', at: 7 }],
      armed: { start: 5, from: 'bridge', id: 20 },
    });
  });

  it('changes only the keys that come', () => {
    const before = applyWalk(noWalk, { walk: { title: 'Park' }, live: { now: cue, next: null }, armed: { start: 1, from: 'a', id: 2 } });
    const after = applyWalk(before, { live: { now: null, next: null }, armed: null });
    expect([after.title, after.live, after.armed]).toEqual(['Park', { now: null, next: null }, null]);
  });

  it.each([
    ['assets', [{ ...asset, url: '//elsewhere/x' }]],
    ['assets', [{ ...asset, sha256: 'x' }]],
    ['assets', [{ ...asset, bytes: 1.5 }]],
    ['live', { now: { ...cue, start: 'soon' } }],
    ['live', { now: { ...cue, b_ms: 12_500 } }],
    ['live', 7],
    ['messages', [{ seq: 1 }]],
    ['armed', { start: null }],
  ])('leaves what was known where %s cannot be read', (key, value) => {
    const before = applyWalk(noWalk, { assets: [asset], live: { now: cue, next: null } });
    const faults: string[] = [];
    expect(applyWalk(before, { [key]: value }, (fault) => faults.push(fault))).toEqual(before);
    expect(faults).toHaveLength(1);
  });

  it.each([null, 7, 'x', []])('knows nothing from %j', (delta) => expect(applyWalk(noWalk, delta)).toEqual(noWalk));
});
