import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Devices } from '../../src/devices/devices';
import type { LineSocket } from '../../src/api/line';
import { formatUpdate, parseMessage } from '../../src/devices/messages';

class FakeSocket implements LineSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: string[] = [];
  closed = false;

  /** As the server does: who asks for the time gets it at once. */
  send(text: string): void {
    this.sent.push(text);
    const { type_push_state, t } = JSON.parse(text);
    if (type_push_state === 'time') this.say({ type_push_state, t, server_time: Date.now() + ahead });
  }

  close(): void {
    this.closed = true;
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

/** The server's clock is 90 s ahead of this device's. */
const date = 1_700_000_000_000;
const ahead = 90_000;

beforeEach(() => void vi.useFakeTimers({ now: date, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function setUp() {
  const sockets: FakeSocket[] = [];
  const isSignedIn = vi.fn(async () => true);
  const fetchState = vi.fn<() => Promise<string | null>>(async () => null);
  const devices = new Devices({
    openSocket: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    isSignedIn,
    fetchState,
    now: () => performance.now(),
    date: () => Date.now(),
  });
  const socket = () => sockets.at(-1)!;
  return { devices, sockets, socket, isSignedIn, fetchState };
}

async function connected() {
  const all = setUp();
  all.devices.start();
  all.socket().onopen?.();
  await vi.advanceTimersByTimeAsync(1000);
  all.socket().sent = [];
  return all;
}

const iso = (ms: number) => new Date(ms).toISOString();
const stateMessage = (position: number, revision: number) => ({
  type_push_state: 'new_track', track_id: 7, on_pause: false, last_sec_position: position, time_state_update: iso(Date.now() + ahead), revision,
});

describe('Devices', () => {
  it('shows what the server tells, running by the clock of the server', async () => {
    const { devices, socket } = await connected();
    socket().say(stateMessage(30, 4));
    expect([devices.phase.value, devices.known.value, devices.position.value]).toEqual(['open', true, 30_000]);
    await vi.advanceTimersByTimeAsync(5000);
    devices.tick();
    expect(devices.position.value).toBeCloseTo(35_000, -1);
  });

  it('says that there is nothing yet, and begins with a track', async () => {
    const { devices, socket } = await connected();
    socket().say({ type_push_state: 'no_track_state' });
    expect([devices.known.value, devices.state.value]).toEqual([true, undefined]);
    devices.choose(12, 60_000);
    expect(devices.state.value).toMatchObject({ trackId: 12, onPause: false, position: 0, length: 60_000 });
    expect(JSON.parse(socket().sent.at(-1)!)).toMatchObject({ type_push_state: 'new_track', track_id: 12, time_state_update: iso(Date.now() + ahead) });
  });

  it('a press shows at once, and lands where it was pressed', async () => {
    const { devices, socket } = await connected();
    socket().say(stateMessage(30, 4));
    await vi.advanceTimersByTimeAsync(2000);
    devices.pause();
    expect(devices.state.value).toMatchObject({ onPause: true, revision: 5 });
    expect(devices.position.value).toBeCloseTo(32_000, -1);
    devices.seek(50_000.4);
    expect(JSON.parse(socket().sent.at(-1)!)).toMatchObject({ type_push_state: 'change_position', last_sec_position: 50 });
    devices.play();
    await vi.advanceTimersByTimeAsync(1000);
    devices.tick();
    expect(devices.position.value).toBeCloseTo(51_000, -1);
  });

  it('follows another device', async () => {
    const { devices, socket } = await connected();
    socket().say(stateMessage(30, 4));
    socket().say({ type_push_state: 'on_pause', time_state_update: iso(Date.now() + ahead + 1000) });
    expect(devices.state.value).toMatchObject({ onPause: true, position: 31_000, revision: 5 });
  });

  it('asks the server what holds when two devices press at the same time', async () => {
    const { devices, socket, fetchState } = await connected();
    socket().say(stateMessage(30, 4));
    fetchState.mockResolvedValue(JSON.stringify({ ...stateMessage(80, 6), on_pause: true }));
    devices.seek(80_000);
    socket().onmessage?.({ data: formatUpdate({ change: { type: 'change_position', position: 10_000 }, at: Date.now() + ahead }) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(fetchState).toHaveBeenCalledTimes(1);
    expect(devices.state.value).toMatchObject({ position: 80_000, onPause: true, revision: 6 });
  });

  it('leaves an answer alone that is older than what it knows', async () => {
    const { devices, socket, fetchState } = await connected();
    socket().say(stateMessage(30, 4));
    fetchState.mockResolvedValue(JSON.stringify(stateMessage(80, 5)));
    devices.pause();
    socket().say({ type_push_state: 'off_pause', time_state_update: iso(Date.now() + ahead) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(devices.state.value).toMatchObject({ revision: 6, onPause: false });
  });

  it('says when a press was refused, and shows what holds', async () => {
    const { devices, socket, fetchState } = await connected();
    socket().say(stateMessage(30, 4));
    fetchState.mockResolvedValue(JSON.stringify(stateMessage(30, 4)));
    devices.pause();
    socket().say({ type_push_state: 'error', message: 'the store is away' });
    expect(devices.problem.value).toBe('the store is away');
    await vi.advanceTimersByTimeAsync(1000);
    expect(devices.state.value).toMatchObject({ revision: 4, onPause: false });
  });

  it('comes back by itself with growing pauses, and shows the state that it is told', async () => {
    const { devices, sockets, socket } = await connected();
    socket().say(stateMessage(30, 4));
    socket().onclose?.();
    expect([devices.phase.value, devices.state.value?.trackId]).toEqual(['lost', 7]);
    devices.pause();
    expect(devices.state.value?.onPause).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
    socket().onclose?.();
    await vi.advanceTimersByTimeAsync(600);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1400);
    expect(sockets).toHaveLength(3);
    socket().onopen?.();
    socket().say({ ...stateMessage(3, 1), track_id: 9 });
    expect([devices.phase.value, devices.state.value?.trackId]).toEqual(['open', 9]);
  });

  it('does not knock on when nobody is signed in', async () => {
    const { devices, sockets, socket, isSignedIn } = setUp();
    isSignedIn.mockResolvedValue(false);
    devices.start();
    socket().onclose?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([devices.phase.value, sockets.length]).toEqual(['signed_out', 1]);
    isSignedIn.mockResolvedValue(true);
    devices.start();
    expect(sockets).toHaveLength(2);
  });

  it('lets everything go when it stops', async () => {
    const { devices, socket } = await connected();
    devices.stop();
    expect([socket().closed, devices.phase.value, vi.getTimerCount()]).toEqual([true, 'off', 0]);
  });

  it('goes on asking for the time', async () => {
    const { socket } = await connected();
    await vi.advanceTimersByTimeAsync(41_000);
    expect(socket().sent.filter((text) => parseMessage(text) === undefined && text.includes('"time"'))).toHaveLength(2);
  });
});
