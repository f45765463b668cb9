// The rows of the board, their order and counts, and the log as text. Pure.

import type { Asset } from '../walk/types';
import type { Row, WalkEvent } from './types';

export interface Counts {
  readonly connected: number;
  readonly ready: number;
  /** Of those that are connected. */
  readonly notReady: number;
  readonly left: number;
}

export function countsOf(rows: readonly Row[]): Counts {
  const connected = rows.filter((row) => row.connected);
  const ready = connected.filter((row) => row.ready).length;
  return { connected: connected.length, ready, notReady: connected.length - ready, left: rows.length - connected.length };
}

/** What needs somebody's hand comes first: connected and not ready, then ready, then those that have left. */
export function sorted(rows: Iterable<Row>): Row[] {
  const rank = (row: Row) => (!row.connected ? 2 : row.ready ? 1 : 0);
  return [...rows].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1));
}

/** 0 to 1; undefined while no asset can be downloaded. */
export function downloaded(row: Row, assets: readonly Asset[]): number | undefined {
  const files = assets.flatMap(({ id, file }) => (file ? [{ id, bytes: file.bytes }] : []));
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all === 0) return undefined;
  return files.reduce((sum, { id, bytes }) => sum + Math.min(bytes, row.have.get(id) ?? 0), 0) / all;
}

const orders: readonly string[] = ['cue', 'stop', 'message', 'arm', 'sheet', 'lead'];

/** What a conductor has done; it says who. */
export function isOrder(event: WalkEvent): boolean {
  return orders.includes(event.kind);
}

/** One line for each event, oldest first: when by the calendar, what, of whom. Tabs, so that a spreadsheet takes it. */
export function logText(events: readonly WalkEvent[], nameOf: (id: string) => string): string {
  const plain = (value: string) => value.replace(/[\t\r\n]+/g, ' ');
  const lines = events.map(({ wall, at, kind, participant, latencyMs, text }) => {
    const when = wall === null ? `+${(at / 1e6).toFixed(3)} s` : isoOf(wall);
    const latency = latencyMs === null ? '' : `${latencyMs} ms`;
    return [when, kind, participant === null ? '' : nameOf(participant), text, latency].map(plain).join('\t');
  });
  return lines.map((line) => `${line}\n`).join('');
}

function isoOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
