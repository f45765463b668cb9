// The JSON of /player. Fields are flat in the document of the protocol and nested under `data` in programs that speak it;
// both are read, and what is sent has both, as it reaches the user's other devices the way it was sent.

import type { Update } from './player_state';
import { formatWireTime, parseWireTime } from './wire_time';

export type Incoming =
  | { readonly type: 'update'; readonly update: Update }
  | { readonly type: 'no_track_state' }
  | { readonly type: 'invalid_format' }
  | { readonly type: 'time'; readonly askedAt: number; readonly serverTime: number }
  | { readonly type: 'error'; readonly message: string };

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Whole or broken seconds, or exactly in `position_ms`. */
function position(fields: Fields): number | undefined {
  const seconds = number(fields['last_sec_position']);
  return number(fields['position_ms']) ?? (seconds === undefined ? undefined : Math.round(seconds * 1000));
}

function change(type: unknown, fields: Fields): Update['change'] | undefined {
  const [trackId, at] = [number(fields['track_id']), position(fields)];
  if (type === 'on_pause' || type === 'off_pause') return { type };
  if (type === 'change_position') return at === undefined ? undefined : { type, position: at };
  if (type !== 'new_track' || trackId === undefined) return undefined;
  const [fromIs, onPause] = [fields['from_is'], fields['on_pause']];
  return {
    type,
    trackId,
    fromIs: typeof fromIs === 'string' ? fromIs : undefined,
    fromIsId: number(fields['from_is_id']),
    position: at,
    onPause: typeof onPause === 'boolean' ? onPause : undefined,
    revision: number(fields['revision']),
    length: number(fields['track_length_ms']),
  };
}

/** Undefined: nothing that this page understands. */
export function parseMessage(text: string): Incoming | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const type = json['type_push_state'];
  const fields = { ...(isObject(json['data']) ? json['data'] : {}), ...json };
  if (type === 'no_track_state' || type === 'invalid_format') return { type };
  if (type === 'error') return { type, message: String(fields['message'] ?? 'The server refused the change.') };
  if (type === 'time') {
    const [askedAt, serverTime] = [number(fields['t']), number(fields['server_time'])];
    return askedAt === undefined || serverTime === undefined ? undefined : { type, askedAt, serverTime };
  }
  const [made, at] = [change(type, fields), parseWireTime(fields['time_state_update'])];
  return made && at !== undefined ? { type: 'update', update: { change: made, at } } : undefined;
}

export function formatUpdate({ change: made, at }: Update): string {
  const fields: Fields = { time_state_update: formatWireTime(at) };
  if (made.type === 'new_track') {
    fields['track_id'] = made.trackId;
    if (made.fromIs !== undefined) fields['from_is'] = made.fromIs;
    if (made.fromIsId !== undefined) fields['from_is_id'] = made.fromIsId;
  }
  if ('position' in made && made.position !== undefined) fields['last_sec_position'] = made.position / 1000;
  return JSON.stringify({ type_push_state: made.type, ...fields, data: fields });
}

/** `now` comes back in the answer, with the server's clock. */
export function formatTimeRequest(now: number): string {
  return JSON.stringify({ type_push_state: 'time', t: now });
}
