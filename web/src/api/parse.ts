// JSON from the network to values. Whatever arrives is outside data: a wrong shape is an error here, never later.

import type { Entry, LibraryState, ListenerAnswer, Problem, Station, StationsAnswer, StationStatus } from './types';

export type Fields = Record<string, unknown>;

export function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Fields;
}

export function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list`);
  return value;
}

export function number(from: Fields, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`${key} is not a number`);
  return value;
}

export function text(from: Fields, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new Error(`${key} is not text`);
  return value;
}

/** Only addresses on this server: a leading slash, and not "//host". */
export function isOwnPath(value: string): boolean {
  return /^\/(?![/\\])/.test(value);
}

function ownPath(from: Fields, key: string): string {
  const value = text(from, key);
  if (!isOwnPath(value)) throw new Error(`${key} is not an address on this server`);
  return value;
}

function status(from: Fields): StationStatus {
  const value = from['status'];
  return value === 'empty' || value === 'scanning' ? value : 'on_air';
}

function entry(value: unknown): Entry {
  const from = fields(value, 'entry');
  const cover = from['cover'];
  return {
    trackId: number(from, 'track_id'),
    title: text(from, 'title'),
    artist: text(from, 'artist'),
    album: text(from, 'album'),
    file: text(from, 'file'),
    cover: typeof cover === 'string' && isOwnPath(cover) ? cover : null,
    startsAt: number(from, 'starts_at'),
    duration: number(from, 'duration'),
  };
}

function station(value: unknown): Station {
  const from = fields(value, 'station');
  return {
    route: text(from, 'route'),
    name: text(from, 'name'),
    url: ownPath(from, 'url'),
    status: status(from),
    individual: from['mode'] === 'individual',
    listeners: number(from, 'listeners'),
    bitrate: number(from, 'bitrate'),
    entries: list(from['entries'], 'entries').map(entry),
  };
}

function library(value: unknown): LibraryState {
  const from = fields(value, 'library');
  return {
    tracks: number(from, 'tracks'),
    problems: number(from, 'problems'),
    scanning: from['scanning'] === true,
    scanned: number(from, 'scanned'),
    found: number(from, 'found'),
  };
}

export function parseStations(json: unknown): StationsAnswer {
  const from = fields(json, 'answer');
  return {
    serverTime: number(from, 'server_time'),
    library: library(from['library']),
    stations: list(from['stations'], 'stations').map(station),
  };
}

export function parseListener(json: unknown): ListenerAnswer {
  const from = fields(json, 'answer');
  return {
    route: text(from, 'route'),
    firstSampleAt: number(from, 'first_sample_at'),
    serverTime: number(from, 'server_time'),
    skipped: number(from, 'skipped'),
    entries: from['entries'] === undefined ? undefined : list(from['entries'], 'entries').map(entry),
  };
}

export function parseProblems(json: unknown): Problem[] {
  return list(fields(json, 'answer')['problems'], 'problems').map((value) => {
    const from = fields(value, 'problem');
    return { path: text(from, 'path'), reason: text(from, 'reason') };
  });
}
