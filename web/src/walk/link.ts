// A phone's Sendspin connection: the one role `_walk@v1`. What a phone has to say is its state, and that is told anew on
// every connection.

import { Line, type LinePhase, type LineSocket } from '../api/line';
import type { Exchange } from '../clock/clock_filter';
import type { Closed } from './ticket';

export const walkRole = '_walk@v1';
const roleKey = '_walk';

/** `refused`: there is no walk. */
export type LinkRefusal = 'refused' | Closed;
export type LinkPhase = LinePhase<LinkRefusal>;

type Fields = Record<string, unknown>;

export interface WalkLinkPorts {
  openSocket(): LineSocket;
  /** After an attempt that came to nothing: why it was not let in. Rejects when the server is away. */
  refusal(): Promise<LinkRefusal | undefined>;
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

export class WalkLink {
  private readonly line: Line<LinkRefusal>;
  private isFirst = true;

  constructor(private readonly ports: WalkLinkPorts) {
    this.line = new Line({
      openSocket: ports.openSocket,
      refusal: ports.refusal,
      onPhase: ports.onPhase,
      onText: (text) => this.take(text),
      greet: () => this.greet(),
      beat: () => this.ask(),
      silentMs: 8000,
      random: ports.random,
    });
  }

  start(): void {
    this.line.start();
  }

  stop(): void {
    this.send('client/goodbye', { reason: 'shutdown' });
    this.line.stop();
  }

  /** The network is back, or somebody has signed in: no need to sit out the pause. */
  hurry(): void {
    if (this.line.phase === 'signed_out' || this.line.phase === 'not_allowed') this.line.start();
    else this.line.hurry();
  }

  /** What stands may be dead: another one, at once. */
  renew(): void {
    if (this.line.phase !== 'open' && this.line.phase !== 'lost') return;
    this.stop();
    this.start();
  }

  /** False: not connected, so it was not sent. */
  tell(state: Fields): boolean {
    return this.line.phase === 'open' && this.send('client/state', { [roleKey]: state });
  }

  command(command: Fields): boolean {
    return this.line.phase === 'open' && this.send('client/command', { [roleKey]: command });
  }

  private greet(): void {
    const { clientId, name } = this.ports;
    this.isFirst = true;
    this.send('client/hello', { client_id: clientId, name: name(), version: 1, supported_roles: [walkRole], [`${walkRole}_support`]: {} });
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
    if (!Array.isArray(roles) || !roles.includes(walkRole)) return this.line.refuse('refused');
    this.send('client/state', { state: 'synchronized' });
    this.line.welcomed();
  }

  private ask(): number {
    this.send('client/time', { client_transmitted: Math.round(this.ports.now()) });
    return this.ports.interval() / 1000;
  }

  private answered(payload: Fields, arrived: number): void {
    const [sent, received, answered] = ['client_transmitted', 'server_received', 'server_transmitted'].map((key) => payload[key]);
    if (typeof sent !== 'number' || typeof received !== 'number' || typeof answered !== 'number') return;
    this.ports.onExchange({ sent, received, answered, arrived });
  }

  private send(type: string, payload: Fields): boolean {
    return this.line.send(JSON.stringify({ type, payload }));
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
