import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Here } from '../../src/devices/here';
import type { PlayerState } from '../../src/devices/player_state';
import { FakeOutput, FakeSocket } from '../wsaudio/fakes';
import { decodeNumbers, frames, frameSamples } from '../wsaudio/mp3';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const count = 3000;
const length = (count * frameSamples) / 44_100;
const playing: PlayerState = { trackId: 7, fromIs: undefined, fromIsId: undefined, onPause: false, position: 0, at: 0, revision: 1, length: length * 1000 };

function setUp() {
  const sockets: FakeSocket[] = [];
  const outputs: FakeOutput[] = [];
  const onEnded = vi.fn();
  const here = new Here({
    openSocket: (address) => {
      sockets.push(new FakeSocket(address));
      return sockets.at(-1)!;
    },
    openOutput: (rate = 44_100) => {
      const output = new FakeOutput(rate);
      output.decode = async (bytes) => decodeNumbers(bytes);
      outputs.push(output);
      return output;
    },
    onStart: () => {},
    onEnded,
  });
  /** So many seconds, during which the shared position runs from `position`. */
  const run = async (state: PlayerState, position: number, seconds: number) => {
    for (let n = 0; n < seconds * 4; n += 1) {
      here.follow(state, state.onPause ? position : Math.min(length, position + n / 4));
      for (let tick = 0; tick < 5; tick += 1) {
        for (const output of outputs) if (output.running) output.frame += output.rate / 20;
        await vi.advanceTimersByTimeAsync(50);
      }
    }
  };
  return { here, sockets, outputs, onEnded, run };
}

function arrive(socket: FakeSocket) {
  socket.onopen?.();
  socket.bytes(frames(0, count));
  socket.lose(1000);
}

describe('Here', () => {
  it('is silent until it is asked for', () => {
    const { here, sockets } = setUp();
    here.follow(playing, 3);
    expect(sockets).toHaveLength(0);
  });

  it('plays the shared track where the other devices are', async () => {
    const { here, sockets, run } = setUp();
    here.toggle();
    here.follow(playing, 20);
    expect(sockets[0]!.address).toBe('/audio?track=7');
    arrive(sockets[0]!);
    await run(playing, 20, 6);
    expect(here.sounding.value.phase).toBe('playing');
    expect(Math.abs(here.sounding.value.position - 26)).toBeLessThan(0.3);
  });

  it('pauses, seeks and changes with them', async () => {
    const { here, sockets, run } = setUp();
    here.toggle();
    here.follow(playing, 0);
    arrive(sockets[0]!);
    await run(playing, 0, 3);
    await run({ ...playing, onPause: true }, 3, 1);
    expect(here.sounding.value.phase).toBe('paused');
    await run(playing, 50, 5);
    expect(here.sounding.value.phase).toBe('playing');
    expect(Math.abs(here.sounding.value.position - 55)).toBeLessThan(0.3);
    here.follow({ ...playing, trackId: 8 }, 0);
    expect(sockets.map((socket) => socket.address)).toEqual(['/audio?track=7', '/audio?track=8']);
  });

  it('tells once that the track has ended', async () => {
    const { here, sockets, onEnded, run } = setUp();
    here.toggle();
    here.follow(playing, length - 2);
    arrive(sockets[0]!);
    await run(playing, length - 2, 4);
    expect(onEnded).toHaveBeenCalledTimes(1);
  });

  it('lets the sound go when it is switched off', async () => {
    const { here, sockets, outputs, run } = setUp();
    here.toggle();
    here.follow(playing, 0);
    arrive(sockets[0]!);
    await run(playing, 0, 1);
    here.toggle();
    expect([outputs[0]!.closed, here.sounding.value.phase]).toEqual([true, 'off']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
