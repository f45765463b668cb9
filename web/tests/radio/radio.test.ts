import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry, ListenerAnswer, StationsAnswer } from '../../src/api/types';
import { titleOf } from '../../src/clock/format';
import { Radio } from '../../src/radio/radio';
import { entry, second, station } from '../entries';
import { FakeAudio } from '../player/fake_audio';

const library = { tracks: 3, problems: 0, scanning: false, scanned: 3, found: 3 };

/** A server whose clock shows 100 s when the page's shows 0, and whose stream starts four seconds behind it. */
function setUp(path = '/') {
  const audio = new FakeAudio();
  const server = { away: false, individual: false, own: undefined as Entry[] | undefined, ahead: 100 * second, entries: [entry(90, 15, 'first'), entry(105, 20, 'second'), entry(125, 60, 'third')] };
  const serverTime = () => server.ahead + performance.now() * 1000;
  let begunAt = 0;
  const radio = new Radio({
    audio,
    path,
    now: () => performance.now(),
    fetchStations: async () => {
      if (server.away) throw new Error('away');
      const answer: StationsAnswer = { serverTime: serverTime(), library, stations: [{ ...station('/', server.entries), individual: server.individual }, station('/humor', [])] };
      return { answer, askedAt: performance.now(), receivedAt: performance.now() };
    },
    fetchListener: async (): Promise<ListenerAnswer> => ({ route: '/', firstSampleAt: begunAt, serverTime: serverTime(), skipped: 0, entries: server.own }),
  });
  const title = () => (radio.selected.value && radio.entryOf(radio.selected.value) ? titleOf(radio.entryOf(radio.selected.value)!) : undefined);
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds * 2; n += 1) {
      if (!audio.paused) audio.currentTime += 0.5;
      await vi.advanceTimersByTimeAsync(500);
      radio.tick();
    }
  };
  const listen = () => {
    begunAt = serverTime() - 4 * second;
    radio.listen();
    audio.emit('playing');
  };
  return { audio, server, radio, title, pass, listen };
}

let start = 0;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  start = performance.now();
});
afterEach(() => void vi.useRealTimers());

describe('Radio', () => {
  it('shows what is on air to those who do not listen', async () => {
    const { radio, title, pass, server } = setUp();
    server.ahead -= start * 1000;
    radio.watch();
    await pass(1);
    expect(title()).toBe('first');
    await pass(5);
    expect(title()).toBe('second');
  });

  it('changes the title when the listener hears the change', async () => {
    const { radio, title, pass, listen, server } = setUp();
    server.ahead -= start * 1000;
    radio.watch();
    await pass(1);
    listen();
    await pass(6);
    expect(radio.serverNow.value).toBeGreaterThan(106 * second);
    expect(title()).toBe('first');
    await pass(3);
    expect(title()).toBe('second');
    radio.stop();
    expect(radio.heardNow.value).toBeUndefined();
  });

  it('goes on by its own clock while the server is away, says so, and heals', async () => {
    const { radio, title, pass, server } = setUp();
    server.ahead -= start * 1000;
    radio.watch();
    await pass(1);
    server.away = true;
    await pass(10);
    expect(radio.connection.value).toBe('lost');
    expect(title()).toBe('second');
    server.away = false;
    await pass(16);
    expect(radio.connection.value).toBe('ok');
    expect(title()).toBe('third');
  });

  it('follows a server that started anew', async () => {
    const { radio, title, pass, server } = setUp();
    server.ahead -= start * 1000;
    radio.watch();
    await pass(1);
    server.ahead -= 100 * second;
    server.entries = [entry(0, 60, 'after the restart')];
    await pass(6);
    expect(title()).toBe('after the restart');
  });

  it('selects, zaps around the end and toggles', async () => {
    const { radio, pass, audio } = setUp('/humor');
    radio.watch();
    await pass(1);
    expect(radio.selected.value?.route).toBe('/humor');
    radio.zap(1);
    expect(radio.selected.value?.route).toBe('/');
    expect(audio.src).toMatch(/^\/\?listener=/);
    expect([radio.isHeard('/'), radio.isHeard('/humor')]).toEqual([true, false]);
    radio.toggle(radio.stations.value[0]!);
    expect([radio.isHeard('/'), audio.src]).toEqual([false, '']);
  });

  it('turns the sound with the slider', () => {
    const { radio, audio } = setUp();
    radio.setVolume(50);
    expect([radio.volume.value, audio.volume]).toEqual([50, 0.25]);
  });

  it('shows of an individual station what this listener hears, and nobody else\'s', async () => {
    const { radio, title, pass, listen, server } = setUp();
    server.ahead -= start * 1000;
    server.individual = true;
    server.own = [entry(90, 8, 'mine'), entry(98, 60, 'mine too')];
    radio.watch();
    await pass(1);
    expect([title(), radio.selected.value?.entries]).toEqual([undefined, []]);
    listen();
    await pass(0.5);
    expect(title()).toBe('mine');
    await pass(1.5);
    expect(title()).toBe('mine too');
    radio.stop();
    await pass(1);
    expect(title()).toBeUndefined();
  });
});
