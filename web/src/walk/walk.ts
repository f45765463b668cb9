// A phone on a walk: ties the connection, the server's clock, the files and the engine together, and says what the page
// shows. The conductor's words and cues are state, so that who was away for a minute knows what holds now and plays
// nothing of what is over.

import { batch, computed, signal } from '@preact/signals';
import type { LineSocket } from '../api/line';
import { Engine, type EnginePorts } from '../audio/engine';
import { ticks0 } from '../audio/ticks';
import type { Started } from '../audio/voice';
import { spanAt, spansOf, type Span } from './cues';
import { ServerTimeKeeper } from './keeper';
import { WalkLink, type LinkPhase, type WalkLinkPorts } from './link';
import { Naps } from './naps';
import { applyWalk } from './parse';
import { aboutDevice, type Device } from './device';
import type { Remembered } from './remembered';
import { changedKeys, reportOf } from './report';
import type { WalkStore } from './store';
import { noWalk, type Message, type WalkState } from './types';

export interface WalkPorts {
  openSocket(): LineSocket;
  refusal: WalkLinkPorts['refusal'];
  openOutput: EnginePorts['openOutput'];
  store: WalkStore;
  remembered: Remembered;
  device: Device;
  /** µs of the page's clock, which never jumps. */
  now(): number;
  /** ms by the calendar. */
  date(): number;
  onMessage(message: Message): void;
}

/** µs: what is so far away need not be known to the engine. */
const horizon = 120_000_000;
/** Cues that are made ready at a time: of each some seconds lie decoded in memory. */
const mostNear = 6;
/** ms. */
const rememberEvery = 5000;

/** Exchanges of which the slowest tells how long news takes to get here. */
const trips = 8;

export class Walk {
  readonly phase = signal<LinkPhase>('off');
  readonly state = signal<WalkState>(noWalk);
  /** Known from the server, or from the visit before. */
  readonly known = signal(false);
  readonly unlocked = signal(false);
  /** Sound can come out: false after a call has taken it away, until it is back. */
  readonly running = signal(false);
  readonly problem = signal('');
  /** What should be in the ear now, and what comes next. */
  readonly heard = signal<Span | undefined>(undefined);
  readonly coming = signal<Span | undefined>(undefined);
  /** The server's time, by a few ticks a second; undefined until it is known. */
  readonly time = signal<number | undefined>(undefined);
  readonly uncertainty = signal(Infinity);
  /** By the calendar, from the visit before: the server has not been heard yet. */
  readonly recalled = signal(false);
  readonly correction = signal(0);
  readonly name = signal('');
  readonly ticking = signal(false);
  readonly message = signal<Message | undefined>(undefined);
  /** Everything is here. */
  readonly stocked = computed(() => {
    const { assets } = this.state.value;
    return this.known.value && assets.every((asset) => asset.file !== undefined && this.ports.store.of(asset).ready);
  });
  readonly ready = computed(() => this.stocked.value && this.unlocked.value && this.time.value !== undefined);

  /** There is neither a network nor the time: nothing can go on by itself. */
  readonly adrift = computed(() => this.time.value === undefined && this.phase.value === 'lost');

  private readonly engine: Engine;
  private readonly keeper = new ServerTimeKeeper();
  private readonly naps = new Naps();
  private rememberedAt = -Infinity;
  private readonly link: WalkLink;
  /** As it came, to be remembered. */
  private raw: Record<string, unknown> = {};
  /** What the server has said while it is not known by which clock. */
  private waiting: unknown[] = [];
  private spans: readonly Span[] = [];
  private told: Record<string, unknown> = {};
  /** µs that the latest questions and their answers took. */
  private trips: number[] = [];
  private acked = new Set<number>();

  constructor(private readonly ports: WalkPorts) {
    const { remembered } = ports;
    this.engine = new Engine({
      now: ports.now,
      openOutput: ports.openOutput,
      asset: (id) => this.assetOf(id),
      onStarted: (started) => this.ack(started),
      onProblem: (reason) => (this.problem.value = reason),
      onRunning: (running) => (this.running.value = running),
    });
    this.link = new WalkLink({
      openSocket: ports.openSocket,
      refusal: ports.refusal,
      clientId: remembered.clientId(),
      name: () => this.shownName,
      now: ports.now,
      onPhase: (phase) => this.onPhase(phase),
      onWalk: (delta, first) => this.take(delta, first),
      onExchange: (exchange) => {
        this.keeper.add(exchange);
        this.trips = [...this.trips, exchange.arrived - exchange.sent].slice(-trips);
        this.decide();
      },
      interval: () => this.keeper.interval(),
    });
    this.name.value = remembered.name;
    this.correct(remembered.correction);
    const { walk, clock } = remembered;
    if (clock) this.keeper.recall(ports.now(), ports.date(), clock);
    if (walk.assets.length) batch(() => this.enter(this.keeper.isRecalled ? walk : { ...walk, live: noWalk.live }));
  }

  get store(): WalkStore {
    return this.ports.store;
  }

  /** As the conductor sees it. */
  get shownName(): string {
    return this.name.peek() || this.ports.device.name;
  }

  start(): void {
    void this.ports.store.open();
    this.link.start();
  }

  stop(): void {
    this.link.stop();
    this.engine.close();
  }

  /** From a tap. */
  unlock(): void {
    this.engine.unlock();
    this.unlocked.value = true;
    this.tell();
  }

  /** The network is another one, or none. */
  renew(): void {
    this.link.renew();
  }

  hurry(): void {
    this.link.hurry();
    this.ports.store.hurry();
  }

  /** The page is seen again, or tapped. */
  wake(): void {
    this.engine.wake();
    this.link.hurry();
    this.tick();
  }

  setGain(gain: number): void {
    this.engine.setGain(gain);
  }

  /** ms. */
  correct(ms: number): void {
    this.correction.value = ms;
    this.engine.correction = ms * 1000;
    this.ports.remembered.correction = ms;
    this.tell();
  }

  call(name: string): void {
    this.name.value = this.ports.remembered.name = name;
    this.tell();
  }

  /** A tick every second, to be compared by ear with another phone's. */
  tickAlong(on: boolean): void {
    this.ticking.value = on;
    this.tick();
  }

  /** Ten times a second, or as often as a hidden page may. */
  tick(): void {
    const now = this.ports.now();
    this.sleep(now);
    const clock = this.keeper.time;
    const time = clock?.toServer(now);
    batch(() => {
      this.time.value = time;
      this.uncertainty.value = this.keeper.uncertainty(now);
      this.recalled.value = this.keeper.isRecalled;
      this.heard.value = time === undefined ? undefined : spanAt(this.spans, time);
      this.coming.value = time === undefined ? undefined : this.spans.find(({ from }) => from > time);
    });
    if (time !== undefined) {
      const near = this.spans.filter(({ from, to }) => to > time && from < time + horizon).slice(0, mostNear);
      const ticks = this.ticking.peek() && !this.heard.peek() ? spansOf({ ...noWalk, live: { now: ticks0, next: null } }) : [];
      this.engine.play([...near, ...ticks]);
    }
    this.engine.pump(clock);
  }

  /** About once a second: what the conductor sees of this phone. */
  tell(): void {
    if (this.ports.date() - this.rememberedAt >= rememberEvery) this.remember();
    if (this.phase.peek() !== 'open') return;
    const report = reportOf(this, Math.max(0, ...this.trips) / 2, this.engine.latency, aboutDevice(this.ports.device));
    const changed = changedKeys(this.told, report);
    if (Object.keys(changed).length && this.link.tell(changed)) this.told = { ...this.told, ...changed };
  }

  /** What was told by a clock that stood still is asked for anew: the connection of before is most likely dead. */
  private sleep(now: number): void {
    const slept = this.naps.look(now, this.ports.date(), this.ports.device.hidden());
    if (slept === 0) return;
    this.keeper.wake(slept * 1000);
    this.link.renew();
  }

  private remember(): void {
    this.rememberedAt = this.ports.date();
    const clock = this.keeper.decided && this.keeper.remember(this.ports.now(), this.rememberedAt);
    if (clock) this.ports.remembered.keepClock(clock);
  }

  private onPhase(phase: LinkPhase): void {
    this.phase.value = phase;
    if (phase === 'open') {
      this.keeper.connected();
      this.told = {};
      this.tell();
    } else {
      this.keeper.disconnected();
      this.waiting = [];
    }
  }

  private take(delta: unknown, first: boolean): void {
    if (first) this.waiting = [];
    this.waiting.push(delta);
    this.decide();
  }

  /** What came is understood as soon as it is known by which clock. */
  private decide(): void {
    if (!this.keeper.decided || this.waiting.length === 0) return;
    const deltas = this.waiting.splice(0);
    let state = this.state.peek();
    for (const delta of deltas) {
      state = applyWalk(state, delta, (reason) => console.warn(`walk: ${reason}`));
      if (typeof delta === 'object' && delta !== null) this.raw = { ...this.raw, ...delta };
    }
    this.ports.remembered.keepWalk(this.raw);
    this.remember();
    batch(() => this.enter(state));
    this.tick();
    this.hear();
  }

  private enter(state: WalkState): void {
    this.state.value = state;
    this.known.value = true;
    this.spans = spansOf(state);
    this.ports.store.want(state.assets);
    const newest = state.messages.at(-1);
    if (newest?.seq === this.message.peek()?.seq) return;
    this.message.value = newest;
  }

  /** Tells of what has been heard of: the newest message, and cues that have not begun. */
  private hear(): void {
    const { remembered } = this.ports;
    const newest = this.message.peek();
    if (newest && newest.seq !== remembered.seen && this.link.command({ command: 'seen', message: newest.seq })) {
      remembered.seen = newest.seq;
      this.ports.onMessage(newest);
    }
    const { now, next } = this.state.peek().live;
    for (const cue of [now, next]) {
      if (!cue || this.acked.has(cue.id)) continue;
      this.acked.add(cue.id);
      this.link.command({ command: 'ack', cue: cue.id, start_error_us: null, late_us: 0 });
    }
  }

  private ack({ cue, error, late }: Started): void {
    if (cue >= 0) this.link.command({ command: 'ack', cue, start_error_us: Math.round(error), late_us: late });
  }

  private assetOf(id: string) {
    const file = this.state.peek().assets.find((asset) => asset.id === id)?.file;
    if (!file) return undefined;
    return { shape: file, readBytes: (from: number, to: number) => this.ports.store.read(file.sha256, from, to) };
  }
}
