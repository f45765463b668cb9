// What the server says on the conductor's line. A row that cannot be read is passed over, and the others are shown: on the
// evening of the walk 199 phones on the board are worth more than none.

import { fields, list, number, text, type Fields } from '../api/parse';
import type { Ack, Edit, Extras, Lead, Row, WalkEvent } from './types';

export type Said =
  | { readonly type: 'walk'; readonly delta: Fields; readonly extras: Extras }
  | { readonly type: 'participants'; readonly rows: readonly Row[] }
  | { readonly type: 'event'; readonly event: WalkEvent }
  | { readonly type: 'time'; readonly sent: number; readonly received: number; readonly answered: number }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'done' };

const mostRows = 10_000;
const mostEvents = 10_000;
const longestName = 80;
const longestText = 1200;

function numberOrNull(from: Fields, key: string): number | null {
  return from[key] === undefined || from[key] === null ? null : number(from, key);
}

function short(from: Fields, key: string, most: number): string | null {
  const value = from[key];
  return typeof value === 'string' ? value.slice(0, most) : null;
}

function ack(value: unknown): Ack | null {
  if (value === undefined || value === null) return null;
  const from = fields(value, 'ack');
  return { cue: number(from, 'cue'), startError: numberOrNull(from, 'start_error_us'), late: numberOrNull(from, 'late_us') ?? 0 };
}

function downloads(value: unknown): Map<string, number> {
  const have = new Map<string, number>();
  for (const [id, one] of Object.entries(fields(value ?? {}, 'assets'))) have.set(id, Math.max(0, number(fields(one, 'download'), 'have')));
  return have;
}

function row(value: unknown): Row {
  const from = fields(value, 'row');
  const kind = from['kind'];
  const battery = numberOrNull(from, 'battery');
  return {
    id: text(from, 'id'),
    name: short(from, 'name', longestName) ?? '',
    kind: kind === 'app' || kind === 'speaker' ? kind : 'phone',
    connected: from['connected'] === true,
    ready: from['ready'] === true,
    unlocked: from['unlocked'] === true,
    hidden: from['hidden'] === true,
    have: downloads(from['assets']),
    clock: numberOrNull(from, 'clock_us'),
    latency: numberOrNull(from, 'latency_us'),
    correction: numberOrNull(from, 'correction_us'),
    battery: battery === null ? null : Math.min(1, Math.max(0, battery)),
    network: short(from, 'network', longestName),
    ack: ack(from['ack']),
  };
}

function event(value: unknown): WalkEvent {
  const from = fields(value, 'event');
  const wall = numberOrNull(from, 'wall_us');
  return {
    at: number(from, 'at'),
    wall: wall === null ? null : wall / 1000,
    kind: text(from, 'kind').slice(0, longestName),
    participant: short(from, 'participant', longestName),
    latencyMs: numberOrNull(from, 'latency_ms'),
    text: short(from, 'text', longestText) ?? '',
  };
}

function lead(value: unknown): Lead {
  const from = fields(value, 'lead');
  return { chosen: number(from, 'chosen_ms'), measured: numberOrNull(from, 'measured_ms'), manual: numberOrNull(from, 'manual_ms') };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function edit(value: unknown): Edit {
  const from = fields(value, 'edit');
  return { revision: number(from, 'revision'), editor: short(from, 'author', longestName) ?? '' };
}

function languages(value: unknown): string[] {
  return list(fields(value, 'walk')['languages'] ?? [], 'languages').filter((tag): tag is string => typeof tag === 'string');
}

function extras(from: Fields): Extras {
  const told = <T>(key: string, read: (value: unknown) => T) => (from[key] === undefined ? undefined : attempt(() => read(from[key])));
  return {
    lead: told('lead', lead),
    edit: told('edit', edit),
    languages: told('walk', languages),
    reached: told('reached', (value) => (value === null ? null : text({ value }, 'value'))),
  };
}

function readable<T>(values: readonly unknown[], read: (value: unknown) => T): T[] {
  return values.flatMap((value) => attempt(() => read(value)) ?? []);
}

function said(from: Fields): Said | undefined {
  switch (from['type']) {
    case 'walk':
      return { type: 'walk', delta: from, extras: extras(from) };
    case 'participants':
      return { type: 'participants', rows: readable(list(from['rows'], 'rows').slice(0, mostRows), row) };
    case 'event':
      return { type: 'event', event: event(from) };
    case 'time':
      return { type: 'time', sent: number(from, 't'), received: number(from, 'server_received'), answered: number(from, 'server_transmitted') };
    case 'error':
      return { type: 'error', message: text(from, 'message').slice(0, longestText) };
    case 'done':
      return { type: 'done' };
    default:
      return undefined;
  }
}

/** Undefined where it says nothing that is understood. */
export function parseLine(line: string): Said | undefined {
  return attempt(() => said(fields(JSON.parse(line), 'message')));
}

/** Of GET /api/v1/walk/log. */
export function parseLog(json: unknown): WalkEvent[] {
  return attempt(() => readable(list(fields(json, 'answer')['events'], 'events').slice(-mostEvents), event)) ?? [];
}
