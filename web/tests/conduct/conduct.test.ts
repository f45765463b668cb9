import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Conduct } from '../../src/conduct/conduct';
import { live, row, sheet, Socket } from './lines';

const quick = 1_000_000;

async function made(status = 200) {
  const server = { status, events: [] as unknown[], now: 5 * quick };
  const sockets: Socket[] = [];
  const conduct = new Conduct({
    openSocket: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
    fetchLog: async () => {
      if (server.status === 0) throw new Error('away');
      return { status: server.status, json: { events: server.events }, retryAfter: undefined };
    },
    now: () => server.now,
    date: () => 42,
    random: () => 0,
  });
  conduct.start();
  await vi.advanceTimersByTimeAsync(0);
  const last = () => sockets.at(-1)!;
  const open = async () => {
    last().onopen?.();
    await vi.advanceTimersByTimeAsync(0);
    last().say('walk', { walk: { title: 'Park' }, assets: [], sheet, live: { now: null, next: null }, messages: [], armed: null, lead: { chosen_ms: 1200, measured_ms: 830, manual_ms: null } });
  };
  return { conduct, server, sockets, last, open };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Conduct', () => {
  it.each([[401, 'signed_out'], [403, 'not_allowed'], [404, 'no_walk']])('opens nothing where the server says %i', async (status, phase) => {
    const { conduct, server, sockets } = await made(status);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([conduct.phase.value, sockets.length]).toEqual([phase, 0]);
    server.status = 200; // signed in, in another tab
    conduct.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(1);
  });

  it('comes back by itself, to a server that was away', async () => {
    const { conduct, server, sockets, open } = await made();
    await open();
    server.status = 0;
    sockets[0]!.onclose?.();
    await vi.advanceTimersByTimeAsync(5000);
    expect([conduct.phase.value, sockets.length]).toEqual(['lost', 1]);
    server.status = 200;
    await vi.advanceTimersByTimeAsync(5000);
    await open();
    expect([conduct.phase.value, sockets.length]).toEqual(['open', 2]);
  });

  it('takes a line that says nothing for dead', async () => {
    const { conduct, sockets, open } = await made();
    await open();
    await vi.advanceTimersByTimeAsync(8001);
    expect([conduct.phase.value, sockets[0]!.closed]).toEqual(['lost', true]);
  });

  it('sends orders, and only what can be meant', async () => {
    const { conduct, last, open } = await made();
    await open();
    expect([conduct.go('bridge'), conduct.goPart('forest', '12,5', '47'), conduct.silence('2.5'), conduct.say('Turn left'), conduct.setLead('2'), conduct.leadAsMeasured()]).not.toContain(false);
    expect(last().orders()).toEqual([
      { verb: 'cue', name: 'bridge' },
      { verb: 'cue', asset: 'forest', a: 12.5, b: 47 },
      { verb: 'stop', fade_ms: 2500 },
      { verb: 'message', text: 'Turn left' },
      { verb: 'lead', lead_ms: 2000 },
      { verb: 'lead', lead_ms: null },
    ]);
    expect([conduct.goPart('forest', '47', '12'), conduct.silence('x'), conduct.say(' ')]).toEqual([false, false, false]);
    expect(last().orders()).toHaveLength(6);
    expect(conduct.refused.value).toEqual({ text: 'The message is empty. Nothing was sent.', number: 3 });
  });

  it('keeps no order for when the network is back', async () => {
    const { conduct, last, open } = await made();
    await open();
    last().onclose?.();
    expect(conduct.go('bridge')).toBe(false);
    expect(conduct.refused.value?.text).toBe('Not connected: nothing was sent.');
    await vi.advanceTimersByTimeAsync(2000);
    await open();
    expect(last().orders()).toEqual([]);
  });

  it('goes on through the sheet from what any conductor told last', async () => {
    const { conduct, server, last, open } = await made();
    await open();
    expect(conduct.next.value?.name).toBe('gate');
    last().say('walk', { live: { now: live('gate'), next: null }, reached: 'gate' });
    expect(conduct.next.value?.name).toBe('bridge');
    last().say('walk', { live: { now: live('gate'), next: live('bridge', 2, 9e9) }, reached: 'bridge' });
    expect(conduct.next.value?.name).toBe('river');
    last().say('walk', { live: { now: live(null, 3), next: null }, reached: 'bridge' }); // a part by its numbers changes nothing
    expect(conduct.next.value?.name).toBe('river');
    conduct.goNext();
    conduct.goNext();
    expect(last().orders()).toEqual([{ verb: 'cue', name: 'river' }]);
    server.now += quick;
    last().say('walk', { live: { now: live('river', 4), next: null }, reached: 'river' });
    expect([conduct.next.value, conduct.goNext()]).toEqual([undefined, false]);
  });

  it('goes on after a reload where the walk has come to', async () => {
    const { conduct, last, open } = await made();
    await open();
    last().say('walk', { live: { now: null, next: null }, reached: 'bridge' });
    expect(conduct.next.value?.name).toBe('river');
    last().say('walk', { live: { now: null, next: null }, reached: null });
    expect(conduct.next.value?.name).toBe('river');
  });

  it('arms the sheet, and disarms it', async () => {
    const { conduct, last, open } = await made();
    await open();
    expect([conduct.arm('bridge', ''), conduct.arm('bridge', '17'), conduct.disarm()]).toEqual([true, false, true]);
    expect(last().orders()).toEqual([{ verb: 'arm', from: 'bridge' }, { verb: 'arm', armed: false }]);
  });

  it('knows who has edited the walk', async () => {
    const { conduct, last, open } = await made();
    await open();
    expect(conduct.edit.value).toEqual({ revision: 0, editor: '' });
    last().say('walk', { edit: { revision: 4, author: 'boris' }, walk: { title: 'Park', languages: ['en', 7] } });
    expect([conduct.edit.value, conduct.languages.value]).toEqual([{ revision: 4, editor: 'boris' }, ['en']]);
    last().say('walk', { edit: { revision: 'x' }, lead: 3 });
    expect(conduct.edit.value.revision).toBe(4);
  });

  it('shows rows as they change, and forgets those of a server before', async () => {
    const { conduct, last, open } = await made();
    await open();
    last().say('participants', { rows: [row('a'), row('b')] });
    last().say('participants', { rows: [row('b', { ready: false })] });
    expect(conduct.counts.value).toEqual({ connected: 2, ready: 1, notReady: 1, left: 0 });
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(2000);
    await open();
    last().say('participants', { rows: [row('c')] });
    expect(conduct.rows.value.map(({ id }) => id)).toEqual(['c']);
  });

  it('says what the server refused, each time', async () => {
    const { conduct, last, open } = await made();
    await open();
    last().say('error', { message: 'no cue has this name' });
    last().say('error', { message: 'no cue has this name' });
    expect(conduct.refused.value).toEqual({ text: 'no cue has this name', number: 2 });
    conduct.go('gate');
    expect(conduct.refused.value).toBeUndefined();
  });

  it('has each event once, also of the time before it came', async () => {
    const { conduct, server, last, open } = await made();
    server.events = [{ at: 1, kind: 'cue', text: 'anna: gate', wall_us: 1000 }];
    await open();
    last().say('event', { at: 2, kind: 'ack', participant: 'a', text: '' });
    expect(conduct.events.value.map(({ at, wall }) => [at, wall])).toEqual([[1, 1], [2, 42]]);
    expect(conduct.lastOrder.value?.text).toBe('anna: gate');
    server.events.push({ at: 2, kind: 'ack', participant: 'a', text: '', wall_us: 2000 });
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(2000);
    await open();
    expect(conduct.events.value.map(({ at }) => at)).toEqual([1, 2]);
  });

  it('knows the time, and what is heard at it', async () => {
    const { conduct, server, last, open } = await made();
    await open();
    last().say('walk', { live: { now: live('gate', 1, 1000 * quick), next: live('bridge', 2, 1004 * quick) } });
    for (let n = 0; n < 10; n += 1) {
      server.now += 1000;
      last().say('time', { t: server.now - 1000, server_received: server.now + 996 * quick, server_transmitted: server.now + 996 * quick });
    }
    conduct.tick();
    expect(Math.abs(conduct.time.value! - (server.now + 996 * quick))).toBeLessThan(1000);
    expect([conduct.heard.value?.cue.name, conduct.coming.value?.cue.name]).toEqual(['gate', 'bridge']);
    last().say('walk', { live: { now: null, next: null }, armed: { start: 1000 * quick, from: 'gate', id: 7 } });
    server.now += 6 * quick; // the armed sheet has gone on to its second cue by itself
    conduct.tick();
    expect([conduct.heard.value?.cue.name, conduct.next.value?.name]).toEqual(['bridge', 'river']);
  });
});
