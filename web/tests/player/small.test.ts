import { describe, expect, it } from 'vitest';
import { newKey, streamAddress } from '../../src/player/key';
import { gainOf, loadVolume, saveVolume } from '../../src/player/volume';

describe('newKey', () => {
  it('is 22 characters of base64url', () => {
    for (let n = 0; n < 50; n += 1) expect(newKey()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(newKey((bytes) => bytes.fill(0xff))).toBe('_____________________w');
    expect(newKey((bytes) => bytes.fill(0xfb))).toBe('-_v7-_v7-_v7-_v7-_v7-w');
  });

  it('is another one each time', () => expect(new Set(Array.from({ length: 100 }, () => newKey())).size).toBe(100));
});

describe('streamAddress', () => {
  it('adds the key', () => expect([streamAddress('/a', 'K'), streamAddress('/a?b=c', 'K')]).toEqual(['/a?listener=K', '/a?b=c&listener=K']));
});

describe('volume', () => {
  const store = (saved: string | null) => () => ({ getItem: () => saved, setItem: () => {} });

  it('is remembered', () => {
    const kept = new Map<string, string>();
    const map = () => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
    saveVolume(35, map);
    expect(loadVolume(map)).toBe(35);
  });

  it('bears whatever is stored', () => {
    expect([null, '', 'loud', 'NaN'].map((saved) => loadVolume(store(saved)))).toEqual([80, 80, 80, 80]);
    expect(['-3', '300', '12.6', '0'].map((saved) => loadVolume(store(saved)))).toEqual([0, 100, 13, 0]);
  });

  it('bears a browser that stores nothing', () => {
    const forbidden = () => {
      throw new Error('SecurityError');
    };
    expect(loadVolume(forbidden)).toBe(80);
    expect(() => saveVolume(10, forbidden)).not.toThrow();
  });

  it('follows the ear', () => expect([0, 50, 100].map(gainOf)).toEqual([0, 0.25, 1]));
});
