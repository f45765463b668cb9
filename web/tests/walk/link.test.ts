import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exchange } from '../../src/clock/clock_filter';
import type { LineSocket } from '../../src/api/line';
import { WalkLink, walkRole, type LinkRefusal } from '../../src/walk/link';

class Socket implements LineSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: { type: string; payload: Record<string, unknown> }[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  say(type: string, payload: unknown): void {
    this.onmessage?.({ data: JSON.stringify({ type, payload }) });
  }

  welcome(roles = [walkRole]): void {
    this.onopen?.();
    this.say('server/hello', { server_id: 's', name: 'Tutti', version: 1, active_roles: roles, connection_reason: 'playback' });
  }

  types(): string[] {
    return this.sent.map(({ type }) => type);
  }
}

function made() {
  const seen = { sockets: [] as Socket[], phases: [] as string[], walks: [] as unknown[], exchanges: [] as Exchange[], away: false, why: undefined as LinkRefusal | undefined };
  let now = 0;
  const link = new WalkLink({
    openSocket: () => {
      const socket = new Socket();
      seen.sockets.push(socket);
      return socket;
    },
    refusal: async () => {
      if (seen.away) throw new TypeError('Failed to fetch');
      return seen.why;
    },
    clientId: 'c1',
    name: () => 'Pixel 7',
    now: () => (now += 10),
    onPhase: (phase) => seen.phases.push(phase),
    onWalk: (walk, first) => seen.walks.push([walk, first]),
    onExchange: (exchange) => seen.exchanges.push(exchange),
    interval: () => 250_000,
    random: () => 0,
  });
  return { link, ...seen, seen, last: () => seen.sockets.at(-1)! };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('WalkLink', () => {
  it('says hello with its one role, then its state, and asks for the time', () => {
    const { link, last, phases, exchanges } = made();
    link.start();
    last().welcome();
    expect(last().sent[0]).toEqual({ type: 'client/hello', payload: { client_id: 'c1', name: 'Pixel 7', version: 1, supported_roles: ['_walk@v1'], '_walk@v1_support': {} } });
    expect(last().types()).toEqual(['client/hello', 'client/state', 'client/time']);
    expect(phases).toEqual(['connecting', 'open']);
    last().say('server/time', { client_transmitted: 10, server_received: 500, server_transmitted: 510 });
    expect(exchanges).toEqual([{ sent: 10, received: 500, answered: 510, arrived: expect.any(Number) }]);
    vi.advanceTimersByTime(500);
    expect(last().types().filter((type) => type === 'client/time')).toHaveLength(3);
  });

  it('tells the first state of a connection from what changes later', () => {
    const { link, last, walks } = made();
    link.start();
    last().welcome();
    last().say('server/state', { metadata: {} });
    last().say('server/state', { _walk: { armed: null } });
    last().say('server/state', { _walk: { live: null } });
    expect(walks).toEqual([[{ armed: null }, true], [{ live: null }, false]]);
  });

  it('comes back after growing pauses, or at once when the network does', async () => {
    const { link, last, sockets, phases } = made();
    link.start();
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(999);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(2);
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(1999);
    expect(sockets).toHaveLength(2);
    link.hurry();
    expect(sockets).toHaveLength(3);
    last().welcome();
    expect(phases).toEqual(['connecting', 'lost', 'lost', 'open']);
  });

  it('takes a connection that says nothing for dead', () => {
    const { link, last, phases, sockets } = made();
    link.start();
    last().welcome();
    last().say('server/time', { client_transmitted: 10, server_received: 500, server_transmitted: 510 });
    vi.advanceTimersByTime(7999);
    expect(phases.at(-1)).toBe('open');
    vi.advanceTimersByTime(1);
    expect([phases.at(-1), sockets[0]!.closed]).toEqual(['lost', true]);
  });

  it('keeps nothing for later', () => {
    const { link, last } = made();
    link.start();
    expect(link.tell({ hidden: true })).toBe(false);
    last().welcome();
    expect(last().types()).not.toContain('client/command');
    expect(link.command({ command: 'seen', message: 3 })).toBe(true);
    expect(last().sent.at(-1)).toEqual({ type: 'client/command', payload: { _walk: { command: 'seen', message: 3 } } });
    last().onclose?.();
    expect(link.command({ command: 'seen', message: 4 })).toBe(false);
  });

  it('does not come back to a server without a walk', () => {
    const { link, last, sockets, phases } = made();
    link.start();
    last().welcome([]);
    vi.advanceTimersByTime(100_000);
    expect([phases.at(-1), sockets.length]).toEqual(['refused', 1]);
  });

  it.each(['{', '7', 'null', '{"type":"server/time"}', '{"type":"server/state","payload":[]}'])('passes over %s', (text) => {
    const { link, last, phases, walks, exchanges } = made();
    link.start();
    last().welcome();
    last().onmessage?.({ data: text });
    expect([phases.at(-1), walks, exchanges]).toEqual(['open', [], []]);
  });

  it('says that it is not let in, stays away, and comes back when somebody has signed in', async () => {
    const { link, phases, sockets, seen } = made();
    seen.why = 'signed_out';
    link.start();
    sockets[0]!.onclose?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([phases, sockets.length]).toEqual([['connecting', 'signed_out'], 1]);
    link.hurry();
    sockets[1]!.welcome();
    expect(phases.slice(2)).toEqual(['connecting', 'open']);
  });

  it('takes a server that is away for one that is away', async () => {
    const { link, phases, sockets, seen } = made();
    seen.away = true;
    link.start();
    sockets[0]!.onclose?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(phases).toEqual(['connecting', ...Array(phases.length - 1).fill('lost')]);
    expect(sockets.length).toBeGreaterThan(2);
  });
});
