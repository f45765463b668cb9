// The connection to /player: opened again with growing pauses whenever it breaks, until it is stopped. A browser is not
// told why a WebSocket was refused; so the server is asked whether anybody is signed in.

import { backoffMs } from '../clock/backoff';

export type LinkPhase = 'off' | 'connecting' | 'open' | 'lost' | 'signed_out';

export interface LinkSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LinkPorts {
  openSocket(): LinkSocket;
  /** False: nobody is. Rejects when the server is away. */
  isSignedIn(): Promise<boolean>;
  onPhase(phase: LinkPhase): void;
  onText(text: string): void;
}

export class Link {
  private socket: LinkSocket | undefined;
  private phase: LinkPhase = 'off';
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: LinkPorts) {}

  start(): void {
    if (this.phase !== 'off' && this.phase !== 'signed_out') return;
    this.attempts = 0;
    this.open();
  }

  stop(): void {
    this.letGo();
    this.enter('off');
  }

  /** The network is back: no need to sit out the pause. */
  hurry(): void {
    if (this.phase === 'lost') this.open();
  }

  /** False: not connected, so it was not sent. */
  send(text: string): boolean {
    if (this.phase !== 'open') return false;
    this.socket?.send(text);
    return true;
  }

  private open(): void {
    this.letGo();
    const socket = (this.socket = this.ports.openSocket());
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.attempts = 0;
      this.enter('open');
    };
    socket.onmessage = ({ data }) => typeof data === 'string' && this.ports.onText(data);
    socket.onclose = () => {
      this.letGo();
      if (opened) this.later();
      else void this.refused();
    };
    if (this.phase !== 'lost') this.enter('connecting');
  }

  private async refused(): Promise<void> {
    const before = this.phase;
    const signedIn = await this.ports.isSignedIn().catch(() => true);
    if (this.phase !== before || this.socket) return;
    if (signedIn) this.later();
    else this.enter('signed_out');
  }

  private later(): void {
    this.attempts += 1;
    this.enter('lost');
    this.retry = setTimeout(() => this.open(), backoffMs(this.attempts));
  }

  private letGo(): void {
    clearTimeout(this.retry);
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
