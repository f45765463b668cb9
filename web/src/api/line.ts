// A WebSocket that is opened again with growing pauses whenever it breaks, until it is stopped or the server lets nobody in.
// Nothing is kept for later: what cannot be sent now is refused, and whoever speaks the protocol knows what is still true
// when the line is back. What is said on it is its owner's business.

import { backoffMs } from '../clock/backoff';

export type LinePhase<Refusal extends string> = 'off' | 'connecting' | 'open' | 'lost' | Refusal;

/** What is used of a WebSocket. */
export interface LineSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

/** A browser is not told why a WebSocket was refused; `admission` and `refusal` ask elsewhere. */
export interface LinePorts<Refusal extends string> {
  openSocket(): LineSocket;
  onPhase(phase: LinePhase<Refusal>): void;
  onText(text: string): void;
  /** Before each attempt: why there need not be one. Rejects when the server is away. */
  admission?(): Promise<Refusal | undefined>;
  /** After an attempt that came to nothing. Rejects when the server is away. */
  refusal?(): Promise<Refusal | undefined>;
  /** What is said first; then the line is open only when its owner calls `welcomed`. */
  greet?(): void;
  /** Says what is said again and again while the line is open; the pause after it, in ms. */
  beat?(): number;
  /** ms: a line that says nothing for so long is dead, whatever TCP hopes. */
  silentMs?: number;
  random?: (() => number) | undefined;
}

/** For a line that can be dead, in ms: also on a phone at the edge of a network. */
const openingMs = 10_000;

export class Line<Refusal extends string> {
  private socket: LineSocket | undefined;
  private current: LinePhase<Refusal> = 'off';
  private attempts = 0;
  /** So that an answer that comes after the next attempt has begun changes nothing. */
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private next: ReturnType<typeof setTimeout> | undefined;
  private dead: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: LinePorts<Refusal>) {}

  get phase(): LinePhase<Refusal> {
    return this.current;
  }

  /** Nothing where it is under way; whoever was refused may try again. */
  start(): void {
    if (this.current === 'connecting' || this.current === 'open' || this.current === 'lost') return;
    this.attempts = 0;
    void this.open();
  }

  stop(): void {
    this.letGo();
    this.enter('off');
  }

  /** The network is back: no need to sit out the pause. */
  hurry(): void {
    if (this.current === 'lost') void this.open();
  }

  welcomed(): void {
    this.attempts = 0;
    this.enter('open');
    this.beat();
  }

  /** Stays away until it is started again. */
  refuse(why: Refusal): void {
    this.letGo();
    this.enter(why);
  }

  /** False: not connected, so it was not sent. Before the line is open only its greeting goes through. */
  send(text: string): boolean {
    try {
      this.socket?.send(text);
      return this.socket !== undefined;
    } catch {
      return false; // still connecting, or closing
    }
  }

  private async open(): Promise<void> {
    this.letGo();
    if (this.current !== 'lost') this.enter('connecting');
    if (this.ports.admission && !(await this.mayStay(this.ports.admission))) return;
    const socket = (this.socket = this.ports.openSocket());
    let opened = false;
    this.expect(openingMs);
    socket.onopen = () => {
      opened = true;
      if (this.ports.greet) this.ports.greet();
      else this.welcomed();
    };
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return;
      this.expect();
      this.ports.onText(data);
    };
    socket.onclose = () => {
      if (opened || !this.ports.refusal) this.lose();
      else void this.ask(this.ports.refusal);
    };
  }

  private async ask(refusal: () => Promise<Refusal | undefined>): Promise<void> {
    this.letGo();
    if (await this.mayStay(refusal)) this.lose();
  }

  private async mayStay(ask: () => Promise<Refusal | undefined>): Promise<boolean> {
    const { attempt } = this;
    const answer = await ask().then((why) => ({ why }), () => undefined);
    if (attempt !== this.attempt) return false;
    if (!answer) this.lose();
    else if (answer.why === undefined) return true;
    else this.refuse(answer.why);
    return false;
  }

  private beat(): void {
    clearTimeout(this.next);
    const { beat } = this.ports;
    if (beat && this.current === 'open') this.next = setTimeout(() => this.beat(), beat());
  }

  private expect(ms = this.ports.silentMs): void {
    clearTimeout(this.dead);
    if (this.ports.silentMs !== undefined) this.dead = setTimeout(() => this.lose(), ms);
  }

  private lose(): void {
    this.letGo();
    this.attempts += 1;
    this.enter('lost');
    this.retry = setTimeout(() => void this.open(), backoffMs(this.attempts, this.ports.random));
  }

  private letGo(): void {
    this.attempt += 1;
    clearTimeout(this.retry);
    clearTimeout(this.next);
    clearTimeout(this.dead);
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private enter(phase: LinePhase<Refusal>): void {
    this.current = phase;
    this.ports.onPhase(phase);
  }
}
