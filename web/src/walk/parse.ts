// The walk's state as it comes over the wire, at first whole and then by top-level keys that have changed. What is wrong
// in a key leaves what was known of it.

import { fields, isOwnPath, list, number, text, type Fields } from '../api/parse';
import type { Armed, Asset, AssetFile, Live, LivePair, Message, Part, SheetCue, WalkState } from './types';

const mostAssets = 200;
const mostCues = 2000;
const mostMessages = 100;
const hash = /^[0-9a-f]{64}$/;

function word(from: Fields, key: string): string {
  return from[key] === undefined || from[key] === null ? '' : text(from, key);
}

function whole(from: Fields, key: string, least = 0): number {
  const value = number(from, key);
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`${key} is not a whole number from ${least}`);
  return value;
}

function file(from: Fields): AssetFile | undefined {
  if (from['ready'] === false || from['sha256'] === undefined || from['bytes'] === undefined) return undefined;
  const sha256 = text(from, 'sha256');
  if (!hash.test(sha256)) throw new Error('sha256 is not 64 hex digits');
  return {
    bytes: whole(from, 'bytes', 1),
    sha256,
    rate: whole(from, 'rate', 8000),
    frames: whole(from, 'frames', 1),
    delay: whole(from, 'delay'),
  };
}

function asset(value: unknown): Asset {
  const from = fields(value, 'asset');
  const url = text(from, 'url');
  if (!isOwnPath(url)) throw new Error('url is not an address on this server');
  return { id: text(from, 'id'), title: word(from, 'title'), url, file: file(from) };
}

function part(from: Fields): Part {
  const [a, b] = [whole(from, 'a_ms'), whole(from, 'b_ms')];
  if (b <= a) throw new Error('b_ms is not behind a_ms');
  const volume = from['volume'] === undefined ? 100 : number(from, 'volume');
  return {
    name: word(from, 'name') || null,
    asset: text(from, 'asset'),
    a,
    b,
    volume: Math.min(100, Math.max(0, volume)),
    loop: from['loop'] === true,
  };
}

function sheetCue(value: unknown): SheetCue {
  const from = fields(value, 'cue');
  return { ...part(from), note: word(from, 'note') };
}

function live(value: unknown): Live | null {
  if (value === null || value === undefined) return null;
  const from = fields(value, 'live');
  const stop = from['stop'] ? fields(from['stop'], 'stop') : null;
  return {
    ...part(from),
    id: number(from, 'id'),
    start: number(from, 'start'),
    stop: stop && { at: number(stop, 'at'), fadeMs: Math.max(0, number(stop, 'fade_ms')) },
  };
}

export function parseLive(value: unknown): LivePair {
  const from = fields(value, 'live');
  return { now: live(from['now']), next: live(from['next']) };
}

function message(value: unknown): Message {
  const from = fields(value, 'message');
  return { seq: number(from, 'seq'), text: text(from, 'text'), at: number(from, 'at') };
}

function armed(value: unknown): Armed | null {
  if (value === null) return null;
  const from = fields(value, 'armed');
  return { start: number(from, 'start'), from: text(from, 'from'), id: number(from, 'id') };
}

function some<T>(value: unknown, what: string, most: number, one: (value: unknown) => T): T[] {
  return list(value, what).slice(0, most).map(one);
}

/** `known` with the keys that `delta` has. A key that cannot be read is told to `onFault` and left as it was. */
export function applyWalk(known: WalkState, delta: unknown, onFault: (reason: string) => void = () => {}): WalkState {
  const state: { -readonly [K in keyof WalkState]: WalkState[K] } = { ...known };
  const from = typeof delta === 'object' && delta !== null ? (delta as Fields) : {};
  const readers: Record<string, (value: unknown) => void> = {
    walk: (value) => {
      const about = fields(value, 'walk');
      state.title = word(about, 'title');
      state.text = word(about, 'text');
      state.welcome = word(about, 'welcome');
    },
    assets: (value) => (state.assets = some(value, 'assets', mostAssets, asset)),
    sheet: (value) => (state.sheet = some(value, 'sheet', mostCues, sheetCue)),
    live: (value) => (state.live = value === null ? { now: null, next: null } : parseLive(value)),
    messages: (value) => (state.messages = some(value, 'messages', mostMessages, message)),
    armed: (value) => (state.armed = armed(value)),
  };
  for (const [key, read] of Object.entries(readers)) {
    if (from[key] === undefined) continue;
    try {
      read(from[key]);
    } catch (error) {
      onFault(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return state;
}
