// A phone's Sendspin connection: the one role `_walk@v1`. Opened again with growing pauses whenever it breaks. Nothing is
// kept for later: what a phone has to say is its state, and that is told anew on every connection.

import { backoffMs } from '../clock/backoff';
import type { Exchange } from '../clock/clock_filter';

export const walkRole = '_walk@v1';
const roleKey = '_walk';

export type LinkPhase = 'off' | 'connecting' | 'open' | 'lost' | 'refused';

/** What is used of a WebSocket. */
export interface WalkSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

type Fields = Record<string, unknown>;

export interface WalkLinkPorts {
  openSocket(): WalkSocket;
  clientId: string;
  name(): string;
  /** µs of the page's clock. */
  now(): number;
  onPhase(phase: LinkPhase): void;
  /** The walk's state: what has changed; the first of a connection is whole. */
  onWalk(delta: unknown, first: boolean): void;
  onExchange(exchange: Exchange): void;
  /** Until the next question of the time, in µs. */
  interval(): number;
  random?(): number;
}

/** Without an answer for so long the connection is dead, whatever TCP hopes. */
const deadMs = 8000;
const helloMs = 10_000;

export class WalkLink {
  private socket: WalkSocket | undefined;
  private phase: LinkPhase = 'off';
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private dead: ReturnType<typeof setTimeout> | undefined;
  private isFirst = true;

  constructor(private readonly ports: WalkLinkPorts) {}

  start(): void {
    if (this.phase === 'off' || this.phase === 'refused') this.open();
  }

  stop(): void {
    this.send('client/goodbye', { reason: 'shutdown' });
    this.letGo();
    this.enter('off');
  }

  /** The network is back: no need to sit out the pause. */
  hurry(): void {
    if (this.phase === 'lost') this.open();
  }

  /** False: not connected, so it was not sent. */
  tell(state: Fields): boolean {
    return this.phase === 'open' && this.send('client/state', { [roleKey]: state });
  }

  command(command: Fields): boolean {
    return this.phase === 'open' && this.send('client/command', { [roleKey]: command });
  }

  private open(): void {
    this.letGo();
    this.isFirst = true;
    const socket = (this.socket = this.ports.openSocket());
    this.expect(helloMs);
    socket.onopen = () => {
      const { clientId, name } = this.ports;
      this.send('client/hello', { client_id: clientId, name: name(), version: 1, supported_roles: [walkRole], [`${walkRole}_support`]: {} });
    };
    socket.onmessage = ({ data }) => typeof data === 'string' && this.take(data);
    socket.onclose = () => this.lose();
    if (this.phase !== 'lost') this.enter('connecting');
  }

  private take(text: string): void {
    const arrived = this.ports.now();
    const { type, payload } = parsed(text);
    if (type === 'server/hello') return this.welcome(payload);
    if (type === 'server/time') return this.answered(payload, arrived);
    const walk = type === 'server/state' ? payload[roleKey] : undefined;
    if (walk === undefined) return;
    this.ports.onWalk(walk, this.isFirst);
    this.isFirst = false;
  }

  private welcome(payload: Fields): void {
    const roles = payload['active_roles'];
    if (!Array.isArray(roles) || !roles.includes(walkRole)) {
      this.letGo();
      return this.enter('refused');
    }
    this.attempts = 0;
    this.send('client/state', { state: 'synchronized' });
    this.enter('open');
    this.ask();
  }

  private ask(): void {
    clearTimeout(this.asking);
    this.send('client/time', { client_transmitted: Math.round(this.ports.now()) });
    this.asking = setTimeout(() => this.ask(), this.ports.interval() / 1000);
  }

  private answered(payload: Fields, arrived: number): void {
    this.expect(deadMs);
    const [sent, received, answered] = ['client_transmitted', 'server_received', 'server_transmitted'].map((key) => payload[key]);
    if (typeof sent !== 'number' || typeof received !== 'number' || typeof answered !== 'number') return;
    this.ports.onExchange({ sent, received, answered, arrived });
  }

  private expect(ms: number): void {
    clearTimeout(this.dead);
    this.dead = setTimeout(() => this.lose(), ms);
  }

  private lose(): void {
    this.letGo();
    this.attempts += 1;
    this.enter('lost');
    this.retry = setTimeout(() => this.open(), backoffMs(this.attempts, this.ports.random));
  }

  private send(type: string, payload: Fields): boolean {
    try {
      this.socket?.send(JSON.stringify({ type, payload }));
      return this.socket !== undefined;
    } catch {
      return false; // still connecting, or closing
    }
  }

  private letGo(): void {
    clearTimeout(this.retry);
    clearTimeout(this.asking);
    clearTimeout(this.dead);
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private enter(phase: LinkPhase): void {
    this.phase = phase;
    this.ports.onPhase(phase);
  }
}

function parsed(text: string): { type: unknown; payload: Fields } {
  try {
    const { type, payload } = JSON.parse(text) as Fields;
    return { type, payload: typeof payload === 'object' && payload !== null ? (payload as Fields) : {} };
  } catch {
    return { type: undefined, payload: {} };
  }
}
