import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blockBytes, type Blocks } from '../../src/walk/blocks';
import type { LineSocket } from '../../src/api/line';
import { Remembered } from '../../src/walk/remembered';
import { WalkStore } from '../../src/walk/store';
import { Walk } from '../../src/walk/walk';
import { FakeOutput } from '../audio/fakes';

const sha256 = 'ab'.repeat(32);
const rate = 48_000;
const asset = { id: 'forest', title: 'Forest', url: '/walk/assets/forest', bytes: 384 * 2000, sha256, rate, frames: 1152 * 1990, delay: 1105, ready: true };
const cue = (id: number, start: number) => ({ id, name: `cue ${id}`, asset: 'forest', a_ms: 0, b_ms: 40_000, start, volume: 100, loop: false, stop: null });

/** Everything is stored; every byte is a sample. */
const blocks: Blocks = {
  known: async () => [{ sha256, have: asset.bytes, checked: true }],
  read: async (_hash, n) => new Uint8Array(Math.min(blockBytes, asset.bytes - n * blockBytes)),
  write: async () => {},
  note: async () => {},
  drop: async () => {},
};

/** A phone, and a server whose clock is `offset` µs ahead of the phone's. */
class Scene {
  offset = 1e9;
  /** ms that a question and its answer take. */
  trip = 0;
  now = 0;
  readonly sent: { type: string; payload: Record<string, unknown> }[] = [];
  readonly output = new FakeOutput(rate, (now) => ({ now, currentTime: now / 1e6, stamp: undefined, outputLatency: 0.02, baseLatency: 0.01 }));
  readonly shown: string[] = [];
  /** ms: the calendar, when the page's clock was at 0. */
  opened = 1.7e12;
  hidden = false;
  socket: LineSocket | undefined;
  readonly walk: Walk;

  constructor(readonly kept = new Map<string, string>(), opened = 1.7e12) {
    this.opened = opened;
    const values = { getItem: (key: string) => this.kept.get(key) ?? null, setItem: (key: string, value: string) => void this.kept.set(key, value) };
    this.walk = new Walk({
      openSocket: () => (this.socket = this.newSocket()),
      refusal: async () => undefined,
      openOutput: () => this.output,
      store: new WalkStore({ blocks, fetch: async () => Promise.reject(new TypeError('offline')), persist: async () => true }),
      remembered: new Remembered(() => values),
      device: { name: 'Pixel 7', battery: () => 0.81, network: () => 'wifi', hidden: () => this.hidden },
      now: () => this.now,
      date: () => Math.floor(this.opened + this.now / 1000),
      onMessage: ({ text }) => this.shown.push(text),
    });
  }

  say(type: string, payload: unknown): void {
    this.socket?.onmessage?.({ data: JSON.stringify({ type, payload }) });
  }

  connect(walk: object): void {
    this.socket?.onopen?.();
    this.say('server/hello', { active_roles: ['_walk@v1'] });
    this.say('server/state', { _walk: { walk: { title: 'Park' }, assets: [asset], sheet: [], live: { now: null, next: null }, messages: [], armed: null, ...walk } });
  }

  /** Timers, the output's clock and the page's go on together. */
  async run(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(0);
    for (let at = 0; at < ms; at += 50) {
      this.now += 50_000;
      this.output.frame = Math.round((this.now * rate) / 1e6);
      await vi.advanceTimersByTimeAsync(50);
      if (at % 100 === 0) this.walk.tick();
      if (at % 1000 === 0) this.walk.tell();
    }
  }

  commands(): unknown[] {
    return this.sent.filter(({ type }) => type === 'client/command').map(({ payload }) => payload['_walk']);
  }

  private newSocket(): LineSocket {
    return {
      onopen: null,
      onmessage: null,
      onclose: null,
      close: () => {},
      send: (text) => {
        const message = JSON.parse(text) as { type: string; payload: Record<string, unknown> };
        this.sent.push(message);
        if (message.type !== 'client/time') return;
        const sent = message.payload['client_transmitted'] as number;
        // As a rule it takes no time at all: so the test counts exactly.
        const half = this.trip * 500;
        const answer = () => this.say('server/time', { client_transmitted: sent, server_received: sent + half + this.offset, server_transmitted: sent + half + this.offset });
        if (this.trip) setTimeout(answer, this.trip);
        else queueMicrotask(answer);
      },
    };
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function begun(walk: object = {}): Promise<Scene> {
  const scene = new Scene();
  scene.walk.start();
  scene.connect(walk);
  scene.walk.unlock();
  await scene.run(1500);
  return scene;
}

describe('Walk', () => {
  it('is ready when it has the files, the time and the tap', async () => {
    const scene = await begun();
    expect([scene.walk.ready.value, scene.walk.state.value.title]).toEqual([true, 'Park']);
    const told = Object.assign({}, ...scene.sent.filter(({ type }) => type === 'client/state').map(({ payload }) => payload['_walk']));
    expect(told).toMatchObject({ name: 'Pixel 7', unlocked: true, assets: { forest: { have: asset.bytes, ready: true } }, battery: 0.8, network: 'wifi', hidden: false, correction_us: 0 });
    expect(told.latency_us).toBe(20_000);
  });

  it('tells how long news take to be heard: on the way, and from here to the ear', async () => {
    const scene = new Scene();
    scene.trip = 300;
    scene.walk.start();
    scene.connect({});
    scene.walk.unlock();
    await scene.run(6000);
    const told = Object.assign({}, ...scene.sent.filter(({ type }) => type === 'client/state').map(({ payload }) => payload['_walk']));
    expect(told.latency_us).toBe(170_000);
  });

  it('plays a cue at its moment, and says so', async () => {
    const scene = await begun();
    const start = scene.now + scene.offset + 1_200_000;
    scene.say('server/state', { _walk: { live: { now: null, next: cue(17, start) } } });
    expect(scene.commands()).toEqual([{ command: 'ack', cue: 17, start_error_us: null, late_us: 0 }]);
    expect(scene.walk.heard.value).toBeUndefined();
    expect(scene.walk.coming.value?.cue.id).toBe(17);
    await scene.run(1500);
    expect(scene.walk.heard.value?.cue.id).toBe(17);
    const ack = scene.commands()[1] as { start_error_us: number };
    expect(ack).toMatchObject({ command: 'ack', cue: 17, late_us: 0 });
    expect(Math.abs(ack.start_error_us)).toBeLessThan(200);
    // What is heard at server time `start` was rendered 20 ms before.
    const [first] = scene.output.lanes[0]!.pieces;
    expect(Math.abs(first!.at / rate - (start - scene.offset) / 1e6 + 0.02)).toBeLessThan(0.0003);
  });

  it('plays nothing of what is over, and shows what was missed once', async () => {
    const scene = await begun({ messages: [{ seq: 1, text: 'Hello', at: 0 }] });
    scene.socket?.onclose?.();
    await scene.run(1100);
    const now = scene.now + scene.offset;
    scene.connect({
      live: { now: cue(18, now - 60_000_000), next: null },
      messages: [{ seq: 1, text: 'Hello', at: 0 }, { seq: 2, text: 'Left', at: 1 }, { seq: 3, text: 'Right', at: 2 }],
    });
    await scene.run(2000);
    expect(scene.output.lanes).toHaveLength(0);
    expect(scene.shown).toEqual(['Hello', 'Right']);
    expect(scene.walk.state.value.messages).toHaveLength(3);
    expect(scene.commands().filter((one) => (one as { command: string }).command === 'seen')).toEqual([{ command: 'seen', message: 1 }, { command: 'seen', message: 3 }]);
  });

  it('goes on without a network, and through a restart of the server at the same place', async () => {
    const scene = await begun();
    const start = scene.now + scene.offset + 500_000;
    scene.say('server/state', { _walk: { live: { now: cue(17, start), next: null } } });
    await scene.run(3000);
    scene.socket?.onclose?.();
    await scene.run(1100);
    expect(scene.walk.heard.value?.cue.id).toBe(17);
    const restarted = 5_000_000 - scene.now; // its clock counts from its start
    const moved = start - scene.offset + restarted;
    scene.offset = restarted;
    scene.connect({ live: { now: cue(17, moved), next: null } });
    expect(scene.walk.state.value.live.now?.start).toBe(start); // until it is known by which clock
    await scene.run(2000);
    expect(scene.walk.state.value.live.now?.start).toBe(moved);
    expect(scene.walk.heard.value?.cue.id).toBe(17);
    expect(scene.output.lanes.length).toBeLessThanOrEqual(2);
    expect(scene.output.lanes.at(-1)!.fade).toBeUndefined();
  });

  it('runs an armed sheet by itself, also when it was opened anew without a network', async () => {
    const sheet = [{ ...cue(0, 0), name: 'gate', b_ms: 5000 }, { ...cue(0, 0), name: 'bridge' }];
    const scene = await begun();
    const start = scene.now + scene.offset + 20_000_000;
    scene.say('server/state', { _walk: { sheet, armed: { start, from: 'gate', id: 30 } } });
    await scene.run(6000);
    // Four seconds later; its clock begins anew.
    const later = new Scene(scene.kept, scene.opened + scene.now / 1000 + 4000);
    later.walk.start();
    later.socket?.onclose?.();
    later.walk.unlock();
    await later.run(500);
    expect([later.walk.recalled.value, later.walk.adrift.value]).toEqual([true, false]);
    expect(later.walk.uncertainty.value).toBeLessThan(15_000);
    expect(later.walk.coming.value?.cue.name).toBe('gate');
    await later.run(8800); // until 700 ms before it
    expect(later.walk.heard.value).toBeUndefined();
    await later.run(1000);
    expect(later.walk.heard.value?.cue.name).toBe('gate');
    await later.run(5000);
    expect(later.walk.heard.value?.cue.name).toBe('bridge');
    const [gate, bridge] = later.output.lanes;
    const due = (start - scene.offset - scene.now) / 1e6 - 4 - 0.02; // of its output's clock
    expect(Math.abs(gate!.pieces[0]!.at / rate - due)).toBeLessThan(0.005);
    expect(bridge!.pieces[0]!.at - gate!.pieces[0]!.at).toBe(5 * rate);
  });

  it('says that it cannot where it never knew the time, and runs it as soon as it does', async () => {
    const scene = await begun({ sheet: [{ ...cue(0, 0), name: 'gate' }] });
    const start = scene.now + scene.offset + 5_000_000;
    scene.say('server/state', { _walk: { armed: { start, from: 'gate', id: 30 } } });
    await scene.run(100);
    scene.kept.delete('tutti.walk.clock');
    const later = new Scene(scene.kept, scene.opened + scene.now / 1000);
    later.offset = scene.offset + scene.now;
    later.walk.start();
    later.socket?.onclose?.();
    later.walk.unlock();
    await later.run(900);
    expect([later.walk.adrift.value, later.walk.ready.value, later.walk.state.value.armed?.from]).toEqual([true, false, 'gate']);
    await later.run(1000);
    later.connect({ sheet: [{ ...cue(0, 0), name: 'gate' }], armed: { start, from: 'gate', id: 30 } });
    await later.run(4000);
    expect([later.walk.adrift.value, later.walk.heard.value?.cue.name]).toEqual([false, 'gate']);
  });

  it('a page that nobody saw and whose device slept is together again within a second', async () => {
    const scene = await begun();
    const start = scene.now + scene.offset + 500_000;
    scene.say('server/state', { _walk: { live: { now: cue(17, start), next: null } } });
    await scene.run(2000);
    scene.hidden = true;
    await scene.run(1000);
    // Ten seconds pass by which neither the page's clock nor its output goes on.
    scene.opened += 10_000;
    scene.offset += 10_000_000;
    const dead = scene.socket;
    scene.hidden = false;
    scene.walk.wake();
    expect(scene.socket).not.toBe(dead);
    await scene.run(100);
    const frame = scene.output.frame;
    await scene.run(900);
    const heard = scene.output.lanes.filter((lane) => lane.levelAt(frame + rate / 2) > 0);
    expect(heard).toHaveLength(1);
    const place = (at: number) => (at / rate) * 1e6 + scene.offset - start + 20_000;
    expect(Math.abs(place(heard[0]!.pieces[0]!.at) / 1e6 - 12.7)).toBeLessThan(0.5);
    expect(scene.walk.heard.value?.cue.id).toBe(17);
  });

  it('knows the walk from the visit before', async () => {
    const scene = await begun();
    const walk = new Remembered(() => ({ getItem: (key) => scene.kept.get(key) ?? null, setItem: () => {} })).walk;
    expect([walk.title, walk.assets.length]).toEqual(['Park', 1]);
  });
});
