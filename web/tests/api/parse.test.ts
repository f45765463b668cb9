import { describe, expect, it } from 'vitest';
import { isOwnPath, parseListener, parseProblems, parseStations } from '../../src/api/parse';

const entry = {
  track_id: 17,
  title: '<script>',
  artist: 'macroform',
  album: '',
  file: 'cold_day.mp3',
  cover: '/api/v1/library/tracks/17/cover',
  starts_at: -80,
  duration: 183000000,
};
const station = { route: '/humor', name: 'humor', url: '/humor', status: 'on_air', listeners: 3, bitrate: 128000, entries: [entry] };
const answer = {
  server_time: 81234567,
  library: { tracks: 120, problems: 2, scanning: true, scanned: 120, found: 500 },
  stations: [station],
};
const withEntry = (change: object) => ({ ...answer, stations: [{ ...station, entries: [{ ...entry, ...change }] }] });

describe('parseStations', () => {
  it('takes what docs/api.md promises', () => {
    const parsed = parseStations(answer);
    expect(parsed.serverTime).toBe(81234567);
    expect(parsed.library).toEqual(answer.library);
    expect(parsed.stations[0]).toMatchObject({ route: '/humor', status: 'on_air', listeners: 3 });
    expect(parsed.stations[0]?.entries[0]).toMatchObject({ trackId: 17, title: '<script>', startsAt: -80, cover: entry.cover });
  });

  it('tells individual stations from radio', () => {
    const modes = ['individual', 'radio', undefined].map((mode) => parseStations({ ...answer, stations: [{ ...station, mode }] }).stations[0]?.individual);
    expect(modes).toEqual([true, false, false]);
  });

  it('bears fields and states it does not know', () => {
    const parsed = parseStations({ ...answer, more: 1, stations: [{ ...station, status: 'dreaming' }] });
    expect(parsed.stations[0]?.status).toBe('on_air');
  });

  it('shows pictures of this server only', () => {
    for (const cover of [null, undefined, 7, 'javascript:alert(1)', 'https://elsewhere/', '//elsewhere/', '/\\elsewhere'])
      expect(parseStations(withEntry({ cover })).stations[0]?.entries[0]?.cover).toBeNull();
  });

  it('refuses another shape', () => {
    const wrong: unknown[] = [null, [], 'x', {}, { ...answer, server_time: '1' }, { ...answer, stations: {} }, { ...answer, library: null }];
    wrong.push({ ...answer, stations: [{ ...station, url: 'javascript:alert(1)' }] }, withEntry({ duration: NaN }), withEntry({ title: null }));
    for (const json of wrong) expect(() => parseStations(json)).toThrow();
  });
});

describe('the other answers', () => {
  it('tells where a listener began', () => {
    const json = { route: '/humor', first_sample_at: 79012345, server_time: 81234567, skipped: 0 };
    expect(parseListener(json)).toEqual({ route: '/humor', firstSampleAt: 79012345, serverTime: 81234567, skipped: 0 });
    expect(() => parseListener({ ...json, skipped: undefined })).toThrow('skipped');
    expect(parseListener({ ...json, entries: [entry] }).entries).toMatchObject([{ trackId: 17, title: '<script>' }]);
  });

  it('lists problems', () => {
    expect(parseProblems({ problems: [{ path: 'a/b.mp3', reason: 'no audio stream' }] })).toEqual([{ path: 'a/b.mp3', reason: 'no audio stream' }]);
    expect(() => parseProblems({})).toThrow();
  });

  it('tells own paths from others', () => expect(['/', '/a', '//a', 'a', ''].map(isOwnPath)).toEqual([true, true, false, false, false]));
});
