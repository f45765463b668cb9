// The connection to /walk/conduct. Whoever may conduct is asked for over HTTP before each attempt. No order is kept for
// later: a cue that begins when the network comes back is not what anybody wanted.

import { Line, type LinePhase as Phase, type LineSocket } from '../api/line';
import type { Exchange } from '../clock/clock_filter';
import { parseLine, type Said } from './parse';

export type Refused = 'signed_out' | 'not_allowed' | 'no_walk';
export type LinePhase = Phase<Refused>;
type News = Exclude<Said, { type: 'time' }>;

export interface LinkPorts {
  openSocket(): LineSocket;
  /** Why nobody is let in. Rejects when the server is away. */
  admission(): Promise<Refused | undefined>;
  /** µs of the page's clock. */
  now(): number;
  onPhase(phase: LinePhase): void;
  onSaid(said: News): void;
  onExchange(exchange: Exchange): void;
  /** Until the next question of the time, in µs. */
  interval(): number;
  random?: (() => number) | undefined;
}

export class ConductLink {
  private readonly line: Line<Refused>;

  constructor(private readonly ports: LinkPorts) {
    this.line = new Line({
      openSocket: ports.openSocket,
      admission: ports.admission,
      onPhase: ports.onPhase,
      onText: (text) => this.take(text),
      beat: () => this.ask(),
      silentMs: 8000,
      random: ports.random,
    });
  }

  start(): void {
    this.line.start();
  }

  stop(): void {
    this.line.stop();
  }

  /** The network is back, or somebody has signed in elsewhere. */
  hurry(): void {
    if (this.line.phase === 'off') return;
    this.line.start();
    this.line.hurry();
  }

  /** False: not connected, so it was not sent. */
  order(verb: string, body: Record<string, unknown> = {}): boolean {
    return this.line.phase === 'open' && this.line.send(JSON.stringify({ ...body, verb }));
  }

  private take(text: string): void {
    const arrived = this.ports.now();
    const said = parseLine(text);
    if (!said) return;
    if (said.type !== 'time') return this.ports.onSaid(said);
    this.ports.onExchange({ sent: said.sent, received: said.received, answered: said.answered, arrived });
  }

  private ask(): number {
    this.order('time', { t: Math.round(this.ports.now()) });
    return this.ports.interval() / 1000;
  }
}
