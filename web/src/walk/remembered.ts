// What this phone remembers from one visit to the next, where the browser lets it: who it is, what it is called, the
// correction of its sound, the last that was known of the walk and of the server's clock.

import type { Recollection } from './keeper';
import { applyWalk } from './parse';
import { noWalk, type WalkState } from './types';

export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const prefix = 'tutti.walk.';
const mostCorrectionMs = 500;

export class Remembered {
  constructor(private readonly store: () => KeyValues = () => localStorage) {}

  /** The same on every visit. */
  clientId(): string {
    const known = this.get('client');
    if (known && /^[0-9a-f]{24}$/.test(known)) return known;
    const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    this.set('client', id);
    return id;
  }

  get name(): string {
    return (this.get('name') ?? '').slice(0, 60);
  }

  set name(name: string) {
    this.set('name', name.slice(0, 60));
  }

  /** ms; positive: this device's sound comes later than its browser knows. */
  get correction(): number {
    const ms = Number(this.get('correction') ?? 0);
    return Number.isFinite(ms) ? Math.min(mostCorrectionMs, Math.max(-mostCorrectionMs, ms)) : 0;
  }

  set correction(ms: number) {
    this.set('correction', String(ms));
  }

  /** The newest message that was shown. */
  get seen(): number {
    return Number(this.get('seen') ?? 0) || 0;
  }

  set seen(message: number) {
    this.set('seen', String(message));
  }

  /** As the server has told it, keys and all. */
  get walk(): WalkState {
    try {
      return applyWalk(noWalk, JSON.parse(this.get('state') ?? '{}'));
    } catch {
      return noWalk;
    }
  }

  keepWalk(raw: Record<string, unknown>): void {
    this.set('state', JSON.stringify(raw));
  }

  /** The server's clock by the calendar, as it was known with what was told of the walk. */
  get clock(): Recollection | undefined {
    try {
      const { date, server, uncertainty } = JSON.parse(this.get('clock') ?? '{}') as Record<string, unknown>;
      if (![date, server, uncertainty].every(Number.isFinite)) return undefined;
      return { date: date as number, server: server as number, uncertainty: uncertainty as number };
    } catch {
      return undefined;
    }
  }

  keepClock(clock: Recollection): void {
    this.set('clock', JSON.stringify(clock));
  }

  private get(key: string): string | null {
    try {
      return this.store().getItem(prefix + key);
    } catch {
      return null;
    }
  }

  private set(key: string, value: string): void {
    try {
      this.store().setItem(prefix + key, value);
    } catch {
      // Switched off or full: it holds until the page is closed.
    }
  }
}
