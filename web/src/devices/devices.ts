// What "Your devices" knows, as signals, and what it can ask for. A press is applied here at once and sent; what other
// devices press arrives in the order that the server gave it. When both happen at the same time only the server knows
// which came last, so it is asked.

import { batch, signal } from '@preact/signals';
import type { LineSocket } from '../api/line';
import { ServerClock } from '../clock/server_clock';
import { Link, type LinkPhase } from './link';
import { formatTimeRequest, formatUpdate, parseMessage } from './messages';
import { applyUpdate, positionAt, type Change, type PlayerState, type Update } from './player_state';

export interface DevicesPorts {
  openSocket(): LineSocket;
  isSignedIn(): Promise<boolean>;
  /** The whole state as the server has it, as a message; null: there is none. */
  fetchState(): Promise<string | null>;
  /** Local time in ms, never going back. */
  now(): number;
  /** The calendar's time on this device in ms, until the server's is known. */
  date(): number;
}

const askTimeAfterMs = [0, 300, 900];
const askTimeEveryMs = 20_000;
/** An own press and another's within this time may have crossed on the way. */
const crossingMs = 4000;
const askAgainMs = 1000;

export class Devices {
  readonly phase = signal<LinkPhase>('off');
  /** Undefined: there is none yet, or `known` is false. */
  readonly state = signal<PlayerState | undefined>(undefined);
  readonly known = signal(false);
  readonly position = signal(0);
  readonly problem = signal<string | undefined>(undefined);

  private readonly clock = new ServerClock();
  private readonly link: Link;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private pressedAt = -Infinity;
  private asking = false;

  constructor(private readonly ports: DevicesPorts) {
    this.link = new Link({
      openSocket: ports.openSocket,
      isSignedIn: ports.isSignedIn,
      onPhase: (phase) => this.onPhase(phase),
      onText: (text) => this.onText(text),
    });
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
  }

  hurry(): void {
    this.link.hurry();
  }

  /** The server's calendar time in ms, as well as it is known. */
  time(): number {
    const known = this.clock.at(this.ports.now());
    return known === undefined ? this.ports.date() : known / 1000;
  }

  /** Called a few times a second. */
  tick(): void {
    const state = this.state.peek();
    this.position.value = state ? positionAt(state, this.time()) : 0;
  }

  /** `length` in ms, where it is known. */
  choose(trackId: number, length?: number): void {
    this.press({ type: 'new_track', trackId, fromIs: 'library', length });
  }

  play(): void {
    this.press({ type: 'off_pause' });
  }

  pause(): void {
    this.press({ type: 'on_pause' });
  }

  /** To a position in ms. */
  seek(position: number): void {
    this.press({ type: 'change_position', position: Math.round(position) });
  }

  /** The library knows how long the track is, where the message did not say. */
  learnLength(trackId: number, length: number): void {
    const state = this.state.peek();
    if (state && state.trackId === trackId && state.length === undefined) this.state.value = { ...state, length };
  }

  private press(change: Change): void {
    const update: Update = { change, at: this.time() };
    if (!this.link.send(formatUpdate(update))) return;
    this.pressedAt = this.ports.now();
    this.problem.value = undefined;
    this.take(update);
  }

  private take(update: Update): void {
    batch(() => {
      this.state.value = applyUpdate(this.state.peek(), update);
      this.known.value = true;
      this.tick();
    });
  }

  private onPhase(phase: LinkPhase): void {
    this.phase.value = phase;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    if (phase !== 'open') return;
    this.problem.value = undefined;
    for (const ms of askTimeAfterMs) this.askTime(ms);
  }

  private askTime(ms: number): void {
    this.after(ms, () => this.link.send(formatTimeRequest(this.ports.now())));
    if (ms === askTimeAfterMs.at(-1) || ms === askTimeEveryMs) this.after(ms, () => this.askTime(askTimeEveryMs));
  }

  private after(ms: number, step: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      step();
    }, ms);
    this.timers.add(timer);
  }

  private onText(text: string): void {
    const message = parseMessage(text);
    if (!message) return;
    switch (message.type) {
      case 'time':
        this.clock.add(message.serverTime * 1000, message.askedAt, this.ports.now());
        return this.tick();
      case 'update':
        this.take(message.update);
        if (this.ports.now() - this.pressedAt < crossingMs) void this.askState();
        return;
      case 'no_track_state':
        return batch(() => {
          this.state.value = undefined;
          this.known.value = true;
        });
      case 'error':
      case 'invalid_format':
        this.problem.value = message.type === 'error' ? message.message : 'The server did not understand the last press.';
        void this.askState();
    }
  }

  private async askState(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      // Until the presses that are under way have arrived there.
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
      const text = await this.ports.fetchState();
      const message = text === null ? undefined : parseMessage(text);
      const newest = this.state.peek()?.revision ?? 0;
      if (message?.type !== 'update' || message.update.change.type !== 'new_track') return;
      if ((message.update.change.revision ?? 0) >= newest || this.problem.peek()) this.take(message.update);
    } catch {
      // The server is away: when it is back, it tells the state at first.
    } finally {
      this.asking = false;
    }
  }
}
