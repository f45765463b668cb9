// The loudness the listener chose, 0 to 100, remembered by the browser where it may.

const storageKey = 'tutti.volume';
const usual = 80;

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function loadVolume(store: () => Store = () => localStorage): number {
  try {
    const saved = store().getItem(storageKey);
    const volume = saved === null || saved.trim() === '' ? NaN : Number(saved);
    return Number.isFinite(volume) ? Math.min(100, Math.max(0, Math.round(volume))) : usual;
  } catch {
    return usual;
  }
}

export function saveVolume(volume: number, store: () => Store = () => localStorage): void {
  try {
    store().setItem(storageKey, String(volume));
  } catch {
    // Storage is switched off or full: the volume holds until the page is closed.
  }
}

/** Ears are not linear: the square makes the lower half of the slider useful. */
export function gainOf(volume: number): number {
  return (volume / 100) ** 2;
}
