import type { Entry, Station } from '../src/api/types';

export const second = 1_000_000;

export function entry(startsAt: number, duration: number, title = `at ${startsAt}`): Entry {
  return {
    trackId: startsAt,
    title,
    artist: '',
    album: '',
    file: 'a.mp3',
    cover: null,
    startsAt: startsAt * second,
    duration: duration * second,
  };
}

export function station(route: string, entries: readonly Entry[] = [], url = encodeURI(route)): Station {
  return { route, name: route === '/' ? 'main' : route.slice(1), url, status: 'on_air', individual: false, listeners: 0, bitrate: 128000, entries };
}
