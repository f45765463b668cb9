// Keeps one station in the ear: from the tap on "listen" until the tap on "stop" it plays, and whatever breaks -
// the connection, the server, a stalled stream - is opened anew with growing pauses. The page has one of these.

import type { Entry, ListenerAnswer } from '../api/types';
import { backoffMs } from '../clock/backoff';
import { heardAt } from '../clock/heard';
import { newKey, streamAddress } from './key';

/** `blocked`: the browser wants a tap before it lets sound out. */
export type Phase = 'off' | 'connecting' | 'playing' | 'reconnecting' | 'blocked';

export interface ListeningState {
  /** The station's route; undefined when off. */
  readonly route: string | undefined;
  readonly phase: Phase;
}

export interface AudioPort extends EventTarget {
  src: string;
  readonly currentTime: number;
  readonly ended: boolean;
  play(): Promise<void>;
  pause(): void;
  load(): void;
  removeAttribute(name: string): void;
}

export interface ListeningPorts {
  fetchListener(key: string): Promise<ListenerAnswer | null>;
  onChange(state: ListeningState): void;
}

const watchMs = 1000;
/** Silent seconds after which the stream counts as lost. */
const patience = 10;
/** Played seconds after which a connection counts as good again. */
const settled = 10;
const firstAskMs = 300;
const askAgainMs = 700;
const refreshMs = 10_000;

export class Listening {
  private target: { route: string; url: string } | undefined;
  private phase: Phase = 'off';
  private key = '';
  private listener: ListenerAnswer | undefined;
  private attempts = 0;
  private lastPosition = 0;
  private silent = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private watching: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly audio: AudioPort,
    private readonly ports: ListeningPorts,
  ) {
    audio.addEventListener('playing', () => this.onPlaying());
    audio.addEventListener('waiting', () => this.phase === 'playing' && this.enter('connecting'));
    audio.addEventListener('error', () => this.lost());
    audio.addEventListener('ended', () => this.lost());
    audio.addEventListener('pause', () => this.onPause());
  }

  listen(station: { route: string; url: string }): void {
    this.target = { route: station.route, url: station.url };
    this.attempts = 0;
    this.open('connecting');
  }

  stop(): void {
    this.close('off');
    this.target = undefined;
    this.announce();
  }

  /** The network is back: no need to sit out the pause. */
  hurry(): void {
    if (this.phase === 'reconnecting') this.open('reconnecting');
  }

  /** The server time (µs) of what is heard this moment; undefined while that is not known. */
  heardTime(): number | undefined {
    if (!this.listener || (this.phase !== 'playing' && this.phase !== 'connecting')) return undefined;
    return heardAt(this.listener, this.audio.currentTime);
  }

  /** The tracks of this listener, where they are not everybody's. */
  entries(): readonly Entry[] | undefined {
    return this.listener?.entries;
  }

  private open(phase: Phase): void {
    if (!this.target) return;
    this.clearTimers();
    this.listener = undefined;
    this.lastPosition = this.silent = 0;
    const key = (this.key = newKey());
    this.audio.src = streamAddress(this.target.url, key);
    this.audio.play().catch((error: unknown) => this.onRefused(key, error));
    this.watching = setInterval(() => this.watch(), watchMs);
    this.asking = setTimeout(() => void this.askWhere(key), firstAskMs);
    this.enter(phase);
  }

  private close(phase: Phase): void {
    this.phase = phase;
    this.clearTimers();
    this.key = '';
    this.listener = undefined;
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  private onPlaying(): void {
    if (!this.target || this.phase === 'blocked') return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.silent = 0;
    this.enter('playing');
  }

  /** Not by this page: headphones pulled, a call, another player. A radio does not wait, so this is a stop. */
  private onPause(): void {
    if (this.target && !this.audio.ended && (this.phase === 'playing' || this.phase === 'connecting')) this.stop();
  }

  private onRefused(key: string, error: unknown): void {
    if (key !== this.key || !(error instanceof Error) || error.name !== 'NotAllowedError') return;
    this.close('blocked');
    this.announce();
  }

  private lost(): void {
    if (!this.target || !this.key || this.retry !== undefined) return;
    this.attempts += 1;
    this.enter('reconnecting');
    this.retry = setTimeout(() => this.open('reconnecting'), backoffMs(this.attempts));
  }

  private watch(): void {
    const position = this.audio.currentTime;
    this.silent = position === this.lastPosition ? this.silent + 1 : 0;
    this.lastPosition = position;
    if (position > settled && this.silent === 0) this.attempts = 0;
    if (this.silent >= patience) this.lost();
  }

  private async askWhere(key: string): Promise<void> {
    const answer = await this.ports.fetchListener(key).catch(() => null);
    if (key !== this.key) return;
    if (answer) {
      this.listener = answer;
      this.announce();
    }
    this.asking = setTimeout(() => void this.askWhere(key), this.listener ? refreshMs : askAgainMs);
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.announce();
  }

  private announce(): void {
    this.ports.onChange({ route: this.target?.route, phase: this.phase });
  }

  private clearTimers(): void {
    clearTimeout(this.retry);
    clearTimeout(this.asking);
    clearInterval(this.watching);
    this.retry = undefined;
  }
}
