import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/radio/colour';
import { ByteStore } from '../../src/wsaudio/bytes';

describe('ByteStore', () => {
  it('gives back any range of what was appended, however it was cut', () => {
    const random = randomFrom(7);
    const all = Uint8Array.from({ length: 5000 }, () => random() * 256);
    const store = new ByteStore();
    for (let at = 0; at < all.length; ) {
      const length = Math.floor(random() * 90);
      store.append(all.subarray(at, at + length));
      at += length;
    }
    expect(store.end).toBe(5000);
    for (let n = 0; n < 500; n += 1) {
      const from = Math.floor(random() * 5200);
      const to = from + Math.floor(random() * 400);
      expect(store.slice(from, to)).toEqual(all.slice(from, to));
    }
  });

  it('lets go of what lies before, and says what is left', () => {
    const store = new ByteStore();
    for (let n = 0; n < 4; n += 1) store.append(Uint8Array.of(n, n));
    store.dropBefore(5);
    expect([store.begin, store.end, store.held]).toEqual([4, 8, 4]);
    expect([...store.slice(0, 100)]).toEqual([2, 2, 3, 3]);
    store.dropBefore(100);
    expect([store.begin, store.end, store.held]).toEqual([8, 8, 0]);
    expect(store.slice(0, 8)).toHaveLength(0);
    store.append(Uint8Array.of(9));
    expect([...store.slice(8, 9)]).toEqual([9]);
  });
});
