// What a server says on the conductor's line, and a socket to say it on.
import type { LineSocket } from '../../src/api/line';

export const sheet = ['gate', 'bridge', 'river'].map((name, n) => ({ name, asset: 'forest', a_ms: n * 1000, b_ms: n * 1000 + 5000, volume: 100, loop: false, note: '' }));

export function live(name: string | null, id = 1, start = 0) {
  return { id, name, asset: 'forest', a_ms: 0, b_ms: 5000, volume: 100, loop: false, start, author: 'anna', stop: null };
}

export function row(id: string, changes: Record<string, unknown> = {}) {
  return {
    id, name: `Phone ${id}`, kind: 'phone', connected: true, since: 1, ready: true, unlocked: true, hidden: false, assets: { forest: { have: 50, ready: false } },
    clock_us: 400, latency_us: 30_000, correction_us: 0, battery: 0.5, network: 'wifi', ack: null, seen: 0, ...changes,
  };
}

export class Socket implements LineSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  say(type: string, rest: Record<string, unknown> = {}): void {
    this.onmessage?.({ data: JSON.stringify({ type, ...rest }) });
  }

  orders(): Record<string, unknown>[] {
    return this.sent.filter(({ verb }) => verb !== 'time');
  }
}
