// The connection to /walk/conduct: opened again with growing pauses whenever it breaks. A browser is not told why a WebSocket
// was refused; so whoever may conduct is asked for over HTTP before each attempt. No order is kept for later: a cue that
// begins when the network comes back is not what anybody wanted.

import { backoffMs } from '../clock/backoff';
import type { Exchange } from '../clock/clock_filter';
import { parseLine, type Said } from './parse';

export type Admission = 'welcome' | 'signed_out' | 'not_allowed' | 'no_walk';
export type LinePhase = 'off' | 'connecting' | 'open' | 'lost' | Exclude<Admission, 'welcome'>;
type News = Exclude<Said, { type: 'time' }>;

export interface LineSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LinePorts {
  openSocket(): LineSocket;
  /** Rejects when the server is away. */
  admission(): Promise<Admission>;
  /** µs of the page's clock. */
  now(): number;
  onPhase(phase: LinePhase): void;
  onSaid(said: News): void;
  onExchange(exchange: Exchange): void;
  /** Until the next question of the time, in µs. */
  interval(): number;
  random?(): number;
}

/** Without an answer for so long the connection is dead, whatever TCP hopes. */
const deadMs = 8000;

export class ConductLink {
  private socket: LineSocket | undefined;
  private phase: LinePhase = 'off';
  private attempts = 0;
  /** So that an answer that comes after the next attempt has begun changes nothing. */
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private dead: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: LinePorts) {}

  start(): void {
    void this.open();
  }

  stop(): void {
    this.letGo();
    this.enter('off');
  }

  /** The network is back, or somebody has signed in elsewhere: no need to sit out the pause. */
  hurry(): void {
    if (this.phase !== 'off' && this.phase !== 'open' && this.phase !== 'connecting') void this.open();
  }

  /** False: not connected, so it was not sent. */
  order(verb: string, body: Record<string, unknown> = {}): boolean {
    return this.phase === 'open' && this.send({ ...body, verb });
  }

  private async open(): Promise<void> {
    this.letGo();
    const attempt = this.attempt;
    if (this.phase !== 'lost') this.enter('connecting');
    const admission = await this.ports.admission().catch(() => undefined);
    if (attempt !== this.attempt) return;
    if (admission === undefined) return this.lose();
    if (admission !== 'welcome') return this.enter(admission);
    const socket = (this.socket = this.ports.openSocket());
    this.expect();
    socket.onopen = () => {
      this.attempts = 0;
      this.enter('open');
      this.ask();
    };
    socket.onmessage = ({ data }) => typeof data === 'string' && this.take(data);
    socket.onclose = () => this.lose();
  }

  private take(text: string): void {
    const arrived = this.ports.now();
    const said = parseLine(text);
    if (!said) return;
    this.expect();
    if (said.type !== 'time') return this.ports.onSaid(said);
    this.ports.onExchange({ sent: said.sent, received: said.received, answered: said.answered, arrived });
  }

  private ask(): void {
    clearTimeout(this.asking);
    this.send({ verb: 'time', t: Math.round(this.ports.now()) });
    this.asking = setTimeout(() => this.ask(), this.ports.interval() / 1000);
  }

  private expect(): void {
    clearTimeout(this.dead);
    this.dead = setTimeout(() => this.lose(), deadMs);
  }

  private lose(): void {
    this.letGo();
    this.attempts += 1;
    this.enter('lost');
    this.retry = setTimeout(() => void this.open(), backoffMs(this.attempts, this.ports.random));
  }

  private send(message: Record<string, unknown>): boolean {
    try {
      this.socket?.send(JSON.stringify(message));
      return this.socket !== undefined;
    } catch {
      return false; // closing
    }
  }

  private letGo(): void {
    this.attempt += 1;
    clearTimeout(this.retry);
    clearTimeout(this.asking);
    clearTimeout(this.dead);
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private enter(phase: LinePhase): void {
    this.phase = phase;
    this.ports.onPhase(phase);
  }
}
