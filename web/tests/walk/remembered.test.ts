import { describe, expect, it } from 'vitest';
import { Remembered } from '../../src/walk/remembered';

function store(first: Record<string, string> = {}) {
  const kept = new Map(Object.entries(first).map(([key, value]) => [`tutti.walk.${key}`, value]));
  const values = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  return () => new Remembered(() => values);
}

describe('Remembered', () => {
  it('is the same phone with the same correction on every visit', () => {
    const visit = store();
    const id = visit().clientId();
    visit().correction = -45;
    visit().name = 'Ada';
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect([visit().clientId(), visit().correction, visit().name]).toEqual([id, -45, 'Ada']);
  });

  it('takes nothing that cannot be true from a store that others may have written', () => {
    const broken = store({ client: '<script>', correction: '1e9', seen: 'x', state: '[', clock: '{"date":"now"}', name: 'x'.repeat(100) })();
    expect(broken.clientId()).toMatch(/^[0-9a-f]{24}$/);
    expect([broken.correction, broken.seen, broken.walk.assets, broken.clock, broken.name.length]).toEqual([500, 0, [], undefined, 60]);
    expect(store({ clock: 'null' })().clock).toBeUndefined();
  });

  it('holds until the page is closed where nothing can be stored', () => {
    const refused = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const remembered = new Remembered(refused);
    remembered.correction = 10;
    expect([remembered.correction, remembered.walk.title]).toEqual([0, '']);
  });

  it('knows the clock that it was told', () => {
    const visit = store();
    visit().keepClock({ date: 1.7e12, server: 5e9, uncertainty: 420 });
    expect(visit().clock).toEqual({ date: 1.7e12, server: 5e9, uncertainty: 420 });
  });
});
