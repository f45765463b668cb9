import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ListenerAnswer } from '../../src/api/types';
import { Listening, type Phase } from '../../src/player/listening';
import { FakeAudio } from './fake_audio';

const humor = { route: '/humor', url: '/humor' };
const answer: ListenerAnswer = { route: '/humor', firstSampleAt: 7_000_000, serverTime: 9_000_000, skipped: 0 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const audio = new FakeAudio();
  const phases: Phase[] = [];
  const fetchListener = vi.fn<(key: string) => Promise<ListenerAnswer | null>>(async () => answer);
  const listening = new Listening(audio, { fetchListener, onChange: ({ phase }) => phases.push(phase) });
  return { audio, phases, fetchListener, listening, phase: () => phases.at(-1) };
}

/** Sound comes out for so many seconds. */
async function sound(audio: FakeAudio, seconds: number) {
  for (let n = 0; n < seconds; n += 1) {
    audio.currentTime += 1;
    await vi.advanceTimersByTimeAsync(1000);
  }
}

describe('Listening', () => {
  it('opens the stream with a key of its own and asks where it began', async () => {
    const { audio, fetchListener, listening, phase } = setUp();
    listening.listen(humor);
    expect(audio.src).toMatch(/^\/humor\?listener=[A-Za-z0-9_-]{22}$/);
    expect(phase()).toBe('connecting');
    fetchListener.mockResolvedValueOnce(null).mockRejectedValueOnce(new Error('away'));
    await vi.advanceTimersByTimeAsync(300);
    expect(fetchListener).toHaveBeenCalledWith(audio.key);
    expect(listening.heardTime()).toBeUndefined();
    audio.emit('playing');
    await vi.advanceTimersByTimeAsync(1400);
    audio.currentTime = 2.5;
    expect(phase()).toBe('playing');
    expect(listening.heardTime()).toBe(9_500_000);
  });

  it('stops at once and lets the connection go', async () => {
    const { audio, fetchListener, listening, phase } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    listening.stop();
    expect([phase(), audio.src, audio.paused, listening.heardTime()]).toEqual(['off', '', true, undefined]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetchListener).not.toHaveBeenCalled();
    expect(audio.src).toBe('');
  });

  it('reconnects with a new key after an error, with growing pauses', async () => {
    const { audio, listening, phase } = setUp();
    listening.listen(humor);
    const first = audio.key;
    audio.emit('error');
    expect(phase()).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(audio.sources).toHaveLength(2);
    expect(audio.key).not.toBe(first);
    audio.emit('error');
    audio.emit('error');
    await vi.advanceTimersByTimeAsync(1300);
    expect(audio.sources).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(700);
    expect(audio.sources).toHaveLength(3);
  });

  it('reconnects when the server ends the stream', async () => {
    const { audio, listening, phase } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    audio.ended = true;
    audio.emit('pause');
    audio.emit('ended');
    expect(phase()).toBe('reconnecting');
    expect(listening.heardTime()).toBeUndefined();
  });

  it('reconnects when no sound comes for ten seconds, but not before', async () => {
    const { audio, listening, phase } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    await sound(audio, 3);
    await vi.advanceTimersByTimeAsync(9000);
    expect(phase()).toBe('playing');
    await vi.advanceTimersByTimeAsync(2500);
    expect(audio.sources).toHaveLength(2);
  });

  it('goes back to playing when a stalled stream moves again by itself', async () => {
    const { audio, listening, phase } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(phase()).toBe('reconnecting');
    audio.emit('playing');
    await sound(audio, 5);
    expect(phase()).toBe('playing');
    expect(audio.sources).toHaveLength(1);
  });

  it('forgets old failures once it has played well', async () => {
    const { audio, listening } = setUp();
    listening.listen(humor);
    for (let n = 0; n < 4; n += 1) {
      audio.emit('error');
      await vi.advanceTimersByTimeAsync(15_000);
    }
    audio.emit('playing');
    await sound(audio, 12);
    const opened = audio.sources.length;
    audio.emit('error');
    await vi.advanceTimersByTimeAsync(1000);
    expect(audio.sources).toHaveLength(opened + 1);
  });

  it('does not sit out the pause when the network is back', () => {
    const { audio, listening } = setUp();
    listening.hurry();
    expect(audio.sources).toHaveLength(0);
    listening.listen(humor);
    audio.emit('error');
    listening.hurry();
    expect(audio.sources).toHaveLength(2);
  });

  it('takes a pause from outside for a stop', () => {
    const { audio, listening, phase } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    audio.emit('pause');
    expect([phase(), audio.src]).toEqual(['off', '']);
  });

  it('says so when the browser wants a tap, and plays after it', async () => {
    const { audio, listening, phase } = setUp();
    audio.refuse = 'NotAllowedError';
    listening.listen(humor);
    await vi.advanceTimersByTimeAsync(0);
    expect(phase()).toBe('blocked');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(audio.src).toBe('');
    audio.refuse = undefined;
    listening.listen(humor);
    audio.emit('playing');
    expect(phase()).toBe('playing');
  });

  it('leaves other refusals to the error that follows them', async () => {
    const { audio, listening, phase } = setUp();
    audio.refuse = 'AbortError';
    listening.listen(humor);
    await vi.advanceTimersByTimeAsync(0);
    expect(phase()).toBe('connecting');
  });

  it('changes the station without mixing up two streams', async () => {
    const { audio, fetchListener, listening } = setUp();
    let late: (value: ListenerAnswer) => void = () => {};
    fetchListener.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    listening.listen(humor);
    await vi.advanceTimersByTimeAsync(300);
    listening.listen({ route: '/', url: '/' });
    audio.emit('playing');
    late(answer);
    await vi.advanceTimersByTimeAsync(0);
    expect(listening.heardTime()).toBeUndefined();
    expect(audio.src).toMatch(/^\/\?listener=/);
  });

  it('keeps asking, because a slow listener may have skipped', async () => {
    const { audio, fetchListener, listening } = setUp();
    listening.listen(humor);
    audio.emit('playing');
    await sound(audio, 1);
    fetchListener.mockResolvedValue({ ...answer, skipped: 3_000_000 });
    await sound(audio, 11);
    expect(listening.heardTime()).toBe(22_000_000);
  });
});
