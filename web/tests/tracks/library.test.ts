import { describe, expect, it, vi } from 'vitest';
import { parseTracks, type Track, type TrackPage } from '../../src/api/tracks';
import { Library } from '../../src/tracks/library';
import { addressOf } from '../../src/tracks/listening';

const track = (id: number): Track => ({ id, title: `t${id}`, artist: '', album: '', file: 'a.mp3', cover: null, duration: 1 });

function setUp() {
  const fetchPage = vi.fn<(search: string, offset: number) => Promise<TrackPage>>(async (_, offset) => ({
    tracks: [track(offset + 1), track(offset + 2)],
    next: offset < 4 ? offset + 2 : undefined,
  }));
  const fetchTrack = vi.fn<(id: number) => Promise<Track | null>>(async (id) => (id < 100 ? track(id) : null));
  const library = new Library({ fetchPage, fetchTrack });
  return { library, fetchPage, fetchTrack, ids: () => library.tracks.value.map(({ id }) => id) };
}

describe('Library', () => {
  it('shows what is found, page by page', async () => {
    const { library, fetchPage, ids } = setUp();
    await library.find(' boats ');
    expect([fetchPage.mock.calls[0], ids(), library.phase.value]).toEqual([['boats', 0], [1, 2], 'ready']);
    await library.more();
    await library.more();
    expect([ids(), library.next.value]).toEqual([[1, 2, 3, 4, 5, 6], undefined]);
    await library.more();
    expect(fetchPage).toHaveBeenCalledTimes(3);
    expect([library.beside(2, 1)?.id, library.beside(1, -1), library.beside(9, 1)]).toEqual([3, undefined, undefined]);
  });

  it('shows what was asked last, whatever answers last', async () => {
    const { library, fetchPage, ids } = setUp();
    let slow = (_: TrackPage) => {};
    fetchPage.mockImplementationOnce(() => new Promise((resolve) => (slow = resolve)));
    const first = library.find('a');
    await library.find('ab');
    slow({ tracks: [track(50)], next: undefined });
    await first;
    expect(ids()).toEqual([1, 2]);
  });

  it('says what went wrong', async () => {
    const { library, fetchPage } = setUp();
    fetchPage.mockRejectedValueOnce(new Error('away'));
    await library.find('');
    expect(library.phase.value).toBe('failed');
    fetchPage.mockRejectedValueOnce(Object.assign(new Error('no'), { name: 'SignInNeeded' }));
    await library.find('');
    expect(library.phase.value).toBe('denied');
  });

  it('asks once for a track that was in no list', async () => {
    const { library, fetchTrack } = setUp();
    await library.find('');
    expect(library.track(2)).toEqual(track(2));
    expect([library.track(42), library.track(42), library.track(100)]).toEqual([undefined, undefined, undefined]);
    await Promise.resolve();
    expect([library.track(42), library.track(100)]).toEqual([track(42), null]);
    expect(fetchTrack.mock.calls).toEqual([[42], [100]]);
  });
});

describe('parseTracks', () => {
  const one = { track_id: 3, title: 'A', artist: 'B', album: 'C', file: 'd/a.mp3', cover: '/api/v1/library/tracks/3/cover', duration: 5_000_000 };

  it('reads a page', () => {
    expect(parseTracks({ total: 9, tracks: [one], next: 1 })).toEqual({
      tracks: [{ id: 3, title: 'A', artist: 'B', album: 'C', file: 'd/a.mp3', cover: one.cover, duration: 5_000_000 }],
      next: 1,
    });
    expect(parseTracks({ tracks: [], next: null })).toEqual({ tracks: [], next: undefined });
  });

  it('takes no cover from elsewhere', () => {
    expect(parseTracks({ tracks: [{ ...one, cover: '//elsewhere/x.png' }] }).tracks[0]!.cover).toBeNull();
  });

  it.each([null, {}, { tracks: [7] }, { tracks: [{ ...one, track_id: '3' }] }])('refuses %j', (json) => {
    expect(() => parseTracks(json)).toThrow();
  });
});

it('the address of a track is safe whatever it is called', () => {
  expect([addressOf('/pcm', ''), addressOf('/pcm', '7'), addressOf('/audio', 'a b/é&?.mp3'), addressOf('/pcm', '7', 8192), addressOf('/pcm', '', 8192)]).toEqual(['/pcm', '/pcm?track=7', '/audio?track=a%20b%2F%C3%A9%26%3F.mp3', '/pcm?track=7&first_frame=8192', '/pcm?first_frame=8192']);
});
