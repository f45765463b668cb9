// The tracks of the library: GET /api/v1/library/tracks (docs/api.md).

import { isOwnPath } from './parse';
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
  /** What to ask with for those that follow; undefined at the end. */
  readonly next: string | undefined;
}

const pageLength = 50;
const address = '/api/v1/library/tracks';

function parseTrack(value: unknown): Track {
  const from = value as Record<string, unknown>;
  const id = from['id'] ?? from['track_id'];
  if (typeof id !== 'number') throw new Error('a track has no number');
  const text = (key: string) => (typeof from[key] === 'string' ? (from[key] as string) : '');
  const cover = from['cover'];
  return {
    id,
    title: text('title'),
    artist: text('artist'),
    album: text('album'),
    file: text('file'),
    cover: typeof cover === 'string' && isOwnPath(cover) ? cover : null,
    duration: typeof from['duration'] === 'number' ? from['duration'] : 0,
  };
}

export function parseTracks(json: unknown): TrackPage {
  const from = json as Record<string, unknown> | null | undefined;
  const tracks = from?.['tracks'];
  if (!Array.isArray(tracks)) throw new Error('tracks is not a list');
  const next = from?.['next'];
  return { tracks: tracks.map(parseTrack), next: typeof next === 'string' || typeof next === 'number' ? String(next) : undefined };
}

export async function fetchTracks(search: string, after: string | undefined): Promise<TrackPage> {
  const words = new URLSearchParams({ limit: String(pageLength) });
  if (search) words.set('q', search);
  if (after !== undefined) words.set('after', after);
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
