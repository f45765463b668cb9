import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFile } from '../../src/wsaudio/file_stream';
import { openPcm } from '../../src/wsaudio/pcm_stream';
import { silent, StreamPlayer, type PlayerState } from '../../src/wsaudio/player';
import { usualSettings } from '../../src/wsaudio/scheduler';
import { FakeOutput, FakeSocket } from './fakes';
import { decodeNumbers, frames } from './mp3';

const { margin } = usualSettings;

const rate = 8000;
const pcm7 = { address: '/pcm?track=7', open: openPcm };
const header = { type: 'audio_header', rate, channels: 1, sample_width: 2, chunk_frames: 1000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const sockets: FakeSocket[] = [];
  const outputs: FakeOutput[] = [];
  let state: PlayerState = silent;
  let muted = false;
  let decode: FakeOutput['decode'] = async (bytes) => decodeNumbers(bytes);
  const player = new StreamPlayer({
    openSocket: (address) => {
      sockets.push(new FakeSocket(address));
      return sockets.at(-1)!;
    },
    openOutput: (wanted = 44_100) => {
      if (wanted === 3001) throw new Error('This browser cannot play sound of 3001 Hz.');
      const output = new FakeOutput(wanted);
      if (muted) {
        output.running = false;
        output.resume = () => {};
      }
      output.decode = decode;
      outputs.push(output);
      return output;
    },
    onChange: (next) => (state = next),
  });
  return { player, socket: () => sockets.at(-1)!, output: () => outputs.at(-1)!, state: () => state, mute: () => (muted = true), decoding: (as: typeof decode) => (decode = as) };
}

/** So many seconds of samples: each is the number of its frame, in steps of a 16-bit sample. */
function pcm(from: number, seconds: number): Uint8Array {
  const frames = seconds * rate;
  const bytes = new Uint8Array(frames * 2);
  for (let n = 0; n < frames; n += 1) new DataView(bytes.buffer).setInt16(n * 2, ((from * rate + n) % 30_000) + 1, true);
  return bytes;
}

/** Time passes, for the output as well. */
async function pass(output: FakeOutput, seconds: number) {
  for (let n = 0; n < seconds * 10; n += 1) {
    if (output.running) output.frame += output.rate / 10;
    await vi.advanceTimersByTimeAsync(100);
  }
}

function connected() {
  const all = setUp();
  all.player.connect(pcm7);
  all.socket().onopen?.();
  all.socket().text(header);
  return all;
}

describe('StreamPlayer with /pcm', () => {
  it('asks, plays in the rate of the stream as samples arrive, and ends', async () => {
    const { player, socket, output, state } = setUp();
    player.connect(pcm7);
    expect([socket().address, socket().binaryType, state().phase]).toEqual(['/pcm?track=7', 'arraybuffer', 'connecting']);
    socket().onopen?.();
    expect(socket().sent).toEqual(['PLAY']);
    socket().text(header);
    expect([output().rate, state().phase]).toEqual([rate, 'connecting']);
    await vi.advanceTimersByTimeAsync(100);
    expect([state().phase, state().format]).toEqual(['buffering', '8 kHz · 16 bit · mono']);
    socket().bytes(pcm(0, 2));
    await pass(output(), 1);
    expect(state()).toMatchObject({ phase: 'playing', until: 2, complete: false, problem: undefined });
    expect(state().position).toBeCloseTo(1 - margin);
    socket().text({ type: 'end' });
    expect([socket().closedWith, state().complete, state().duration]).toEqual([1000, true, 2]);
    await pass(output(), 2);
    expect([state().phase, state().position]).toEqual(['ended', 2]);
    const heard = [...output().heard()].filter((sample) => sample !== 0);
    expect(heard).toEqual(Array.from({ length: 16_000 }, (_, n) => (n + 1) / 32_768));
  });

  it('pauses and goes on at the same sample; a long pause puts the output to sleep', async () => {
    const { player, socket, output, state } = connected();
    socket().bytes(pcm(0, 10));
    await pass(output(), 2);
    player.pause();
    const position = state().position;
    expect([state().phase, output().running]).toEqual(['paused', true]);
    await pass(output(), 5);
    expect([state().phase, state().position, output().running]).toEqual(['paused', position, false]);
    player.play();
    expect([state().phase, state().position]).toEqual(['playing', position]);
    await pass(output(), 1);
    expect(state().position).toBeCloseTo(position + 1 - margin);
  });

  it('seeks within what has arrived, playing or paused', async () => {
    const { player, socket, output, state } = connected();
    socket().bytes(pcm(0, 10));
    await pass(output(), 1);
    player.seek(7);
    expect([state().phase, state().position]).toEqual(['playing', 7]);
    player.pause();
    player.seek(3);
    expect([state().phase, state().position]).toEqual(['paused', 3]);
    player.seek(99);
    expect(state().position).toBe(10);
    player.seek(-1);
    expect(state().position).toBe(0);
  });

  it('asks anew for what has not arrived, where the server can begin anywhere', async () => {
    const { player, socket, output, state } = setUp();
    player.connect({ ...pcm7, addressFrom: (frame) => `/pcm?from=${Math.floor(frame / 1000) * 1000}` });
    socket().onopen?.();
    socket().text(header);
    socket().bytes(pcm(0, 3));
    await pass(output(), 1);
    const [first, sound] = [socket(), output()];
    player.seek(60.1);
    expect([first.closedWith, socket().address, state().phase, state().position]).toEqual([1000, '/pcm?from=480000', 'connecting', 60.1]);
    socket().onopen?.();
    socket().text({ ...header, first_frame: 480_000 });
    socket().bytes(pcm(60, 3));
    expect(output()).toBe(sound);
    await pass(output(), 1);
    expect(state()).toMatchObject({ phase: 'playing', from: 60, until: 63 });
    expect(state().position).toBeCloseTo(61.1 - margin);
    player.pause();
    player.seek(2);
    expect(socket().address).toBe('/pcm?from=16000');
    socket().onopen?.();
    socket().text({ ...header, first_frame: 16_000 });
    await pass(output(), 0.2);
    expect(state()).toMatchObject({ phase: 'paused', position: 2 });
  });

  it('plays again from the beginning once it has ended', async () => {
    const { player, socket, output, state } = connected();
    socket().bytes(pcm(0, 1));
    socket().text({ type: 'end' });
    await pass(output(), 2);
    expect(state().phase).toBe('ended');
    player.play();
    expect([state().phase, state().position]).toEqual(['playing', 0]);
  });

  it('waits while the server is slow', async () => {
    const { socket, output, state } = connected();
    socket().bytes(pcm(0, 1));
    await pass(output(), 3);
    expect([state().phase, state().position]).toEqual(['buffering', 1]);
    socket().bytes(pcm(1, 1));
    await pass(output(), 1);
    expect(state().phase).toBe('playing');
  });

  it('says that the browser wants a tap', async () => {
    const { player, socket, output, state, mute } = setUp();
    mute();
    player.connect({ address: '/pcm', open: openPcm });
    socket().onopen?.();
    socket().text(header);
    socket().bytes(pcm(0, 3));
    await pass(output(), 1);
    expect(state().phase).toBe('blocked');
    output().running = true;
    player.play();
    await pass(output(), 1);
    expect(state().phase).toBe('playing');
  });

  it.each([
    ['an error in the place of the header', (s: FakeSocket) => s.text({ type: 'error', message: 'no such track' }), 'no such track'],
    ['a header that makes no sense', (s: FakeSocket) => s.text({ ...header, channels: 0 }), 'the channel count 0'],
    ['a rate that no browser has', (s: FakeSocket) => s.text({ ...header, rate: 3001 }), '3001 Hz'],
    ['samples before the header', (s: FakeSocket) => s.bytes(pcm(0, 1)), 'without saying first'],
    ['a refused connection', (s: FakeSocket) => s.lose(1006), 'broke off'],
    ['a close with a reason', (s: FakeSocket) => s.lose(1011, 'disk gone'), 'disk gone'],
  ])('tells %s', async (_, act, expected) => {
    const { player, socket, state } = setUp();
    player.connect({ address: '/pcm', open: openPcm });
    socket().onopen?.();
    act(socket());
    expect(state()).toMatchObject({ phase: 'failed', problem: expect.stringContaining(expected) });
  });

  it('tells a server that never answers', async () => {
    const { player, socket, state } = setUp();
    player.connect({ address: '/pcm', open: openPcm });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state()).toMatchObject({ phase: 'failed', problem: 'The server does not answer.' });
    expect(socket().closedWith).toBe(1000);
  });

  it('plays to where the connection broke off', async () => {
    const { socket, output, state } = connected();
    socket().bytes(pcm(0, 2));
    await pass(output(), 1);
    socket().lose(1006);
    expect(state()).toMatchObject({ phase: 'playing', problem: 'The connection broke off.', complete: false });
    await pass(output(), 2);
    expect([state().phase, state().position]).toEqual(['ended', 2]);
  });

  it('lets everything go on disconnect', async () => {
    const { player, socket, output, state } = connected();
    socket().bytes(pcm(0, 2));
    player.disconnect();
    expect([socket().closedWith, output().closed, state()]).toEqual([1000, true, silent]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('StreamPlayer with /audio', () => {
  it('plays an MP3 as it arrives, and all of it can be sought', async () => {
    const { player, socket, output, state } = setUp();
    player.connect({ address: '/audio?track=7', open: openFile });
    socket().onopen?.();
    socket().bytes(frames(0, 800));
    expect([output().rate, socket().sent]).toEqual([44_100, []]);
    await pass(output(), 1);
    expect(state()).toMatchObject({ phase: 'playing', format: 'MP3 · 44.1 kHz · stereo', complete: false });
    socket().bytes(frames(800, 1200));
    socket().lose(1000);
    expect(state()).toMatchObject({ complete: true, duration: (1200 * 1152) / 44_100 });
    player.seek(30);
    await pass(output(), 1);
    expect(state().phase).toBe('playing');
    expect(state().position).toBeGreaterThan(30);
  });

  it('plays any other file that the browser knows, once it is complete', async () => {
    const { player, socket, output, state, decoding } = setUp();
    const decode = vi.fn(async () => [new Float32Array(44_100).fill(0.5)]);
    decoding(decode);
    player.connect({ address: '/audio', open: openFile });
    socket().onopen?.();
    socket().bytes(new Uint8Array(600).fill(3));
    socket().bytes(new Uint8Array(400).fill(3));
    expect([state().phase, decode.mock.calls.length]).toEqual(['connecting', 0]);
    socket().lose(1000);
    await pass(output(), 0.5);
    expect(state()).toMatchObject({ phase: 'playing', complete: true, duration: 1 });
    expect(decode).toHaveBeenCalledWith(new Uint8Array(1000).fill(3));
  });

  it('says when the browser does not know it', async () => {
    const { player, socket, output, state, decoding } = setUp();
    decoding(() => Promise.reject(new Error('EncodingError')));
    player.connect({ address: '/audio', open: openFile });
    socket().onopen?.();
    socket().bytes(new Uint8Array(600).fill(3));
    socket().lose(1000);
    await pass(output(), 0.5);
    expect(state()).toMatchObject({ phase: 'failed', problem: expect.stringContaining('cannot play a file of this kind') });
  });

  it.each([
    ['nothing', 1000, '', 'no such file'],
    ['a reason', 1011, 'the file cannot be read', 'the file cannot be read'],
    ['no connection', 1006, '', 'did not accept'],
  ])('tells %s', (_, code, reason, expected) => {
    const { player, socket, state } = setUp();
    player.connect({ address: '/audio', open: openFile });
    socket().lose(code, reason);
    expect(state()).toMatchObject({ phase: 'failed', problem: expect.stringContaining(expected) });
  });
});
