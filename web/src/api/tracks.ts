// The tracks of the library: GET /api/v1/library/tracks (docs/api.md).

import { fields, isOwnPath, list, number, text } from './parse';
import { ask } from './request';

export interface Track {
  readonly id: number;
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly file: string;
  /** Address of the cover, or null where the file has none. */
  readonly cover: string | null;
  /** µs. */
  readonly duration: number;
}

export interface TrackPage {
  readonly tracks: readonly Track[];
  /** How many come before those that follow; undefined at the end. */
  readonly next: number | undefined;
}

const pageLength = 50;
const address = '/api/v1/library/tracks';

function parseTrack(value: unknown): Track {
  const from = fields(value, 'track');
  const cover = from['cover'];
  return {
    id: number(from, 'track_id'),
    title: text(from, 'title'),
    artist: text(from, 'artist'),
    album: text(from, 'album'),
    file: text(from, 'file'),
    cover: typeof cover === 'string' && isOwnPath(cover) ? cover : null,
    duration: number(from, 'duration'),
  };
}

export function parseTracks(json: unknown): TrackPage {
  const from = fields(json, 'answer');
  const next = from['next'];
  return { tracks: list(from['tracks'], 'tracks').map(parseTrack), next: typeof next === 'number' ? next : undefined };
}

export async function fetchTracks(search: string, offset: number): Promise<TrackPage> {
  const words = new URLSearchParams({ limit: String(pageLength), offset: String(offset) });
  if (search) words.set('q', search);
  const { status, json } = await ask('GET', `${address}?${words}`);
  if (status === 401 || status === 403) throw Object.assign(new Error('not signed in'), { name: 'SignInNeeded' });
  if (status !== 200) throw new Error(`${address}: the server answered ${status}`);
  return parseTracks(json);
}

export async function fetchTrack(id: number): Promise<Track | null> {
  const { status, json } = await ask('GET', `${address}/${id}`);
  if (status === 404) return null;
  if (status !== 200) throw new Error(`${address}/${id}: the server answered ${status}`);
  return parseTrack(json);
}
