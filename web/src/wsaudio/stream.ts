// What the two kinds of stream have in common: a socket that fills a source, and how it ends.

import type { OpenAnOutput, OpenOutput } from './output';
import type { Source } from './source';

/** What is used of a WebSocket. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface StreamEvents {
  /** The sound can be played from now on. */
  onSource(source: Source, output: OpenOutput, format: string): void;
  /** All of it has arrived. */
  onComplete(): void;
  /** There comes no more, and this is why. */
  onFailed(reason: string): void;
}

export interface Stream {
  close(): void;
}

export type OpenStream = (socket: Socket, openOutput: OpenAnOutput, events: StreamEvents) => Stream;

/** Lets go of the socket without hearing of it again. */
export function drop(socket: Socket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close(1000);
}

export function closedText(code: number, reason: string, hadOpened: boolean): string {
  if (reason) return `The server closed the connection: ${reason}`;
  if (!hadOpened) return 'The server did not accept the connection.';
  return code === 1006 ? 'The connection broke off.' : `The server closed the connection (code ${code}).`;
}

export function rateText(rate: number): string {
  return `${(rate / 1000).toLocaleString('en', { maximumFractionDigits: 3 })} kHz`;
}

export function channelText(channels: number): string {
  if (channels === 1) return 'mono';
  return channels === 2 ? 'stereo' : `${channels} channels`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
