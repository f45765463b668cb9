import { describe, expect, it, vi } from 'vitest';
import { ByteStore } from '../../src/wsaudio/bytes';
import { parseMpegHeader } from '../../src/wsaudio/mpeg_header';
import { MpegIndex } from '../../src/wsaudio/mpeg_index';
import { MpegSource } from '../../src/wsaudio/mpeg_source';
import { lengthOf } from '../../src/wsaudio/source';
import { decodeNumbers, frame, frameBytes, frames, frameSamples, id3, joined, lameFrame } from './mp3';

function indexOf(bytes: Uint8Array, cutEvery = bytes.length) {
  const store = new ByteStore();
  const index = new MpegIndex(store);
  for (let at = 0; at < bytes.length; at += cutEvery) {
    store.append(bytes.subarray(at, at + cutEvery));
    index.advance();
  }
  return { store, index };
}

describe('parseMpegHeader', () => {
  it.each([
    [[0xff, 0xfb, 0x90, 0x40], { rate: 44100, channels: 2, bytes: 417, samples: 1152 }],
    [[0xff, 0xfb, 0x92, 0xc0], { rate: 44100, channels: 1, bytes: 418, samples: 1152 }],
    [[0xff, 0xfa, 0xe4, 0x00], { rate: 48000, channels: 2, bytes: 960, samples: 1152 }],
    [[0xff, 0xf3, 0x80, 0xc0], { rate: 22050, channels: 1, bytes: 208, samples: 576 }],
    [[0xff, 0xe3, 0x18, 0xc0], { rate: 8000, channels: 1, bytes: 72, samples: 576 }],
  ])('%j', (bytes, header) => expect(parseMpegHeader(Uint8Array.from(bytes))).toEqual(header));

  it.each([[[0xff, 0xfb, 0x90]], [[0xff, 0xfd, 0x90, 0]], [[0xff, 0xeb, 0x90, 0]], [[0xff, 0xfb, 0xf0, 0]], [[0xff, 0xfb, 0x9c, 0]], [[0xff, 0xfb, 0, 0]]])(
    'is none: %j',
    (bytes) => expect(parseMpegHeader(Uint8Array.from(bytes))).toBeUndefined(),
  );
});

describe('MpegIndex', () => {
  it.each([1, 100, 417, 1000, 1_048_576])('finds every frame in messages of %i bytes', (cut) => {
    const { index } = indexOf(joined(id3(700), frames(0, 30)), cut);
    expect(index.frames).toBe(30);
    expect([index.offset(0), index.offset(29), index.offset(30)]).toEqual([710, 710 + 29 * frameBytes, 710 + 30 * frameBytes]);
    expect(index.description).toBeUndefined();
  });

  it('reads what LAME says of the file and does not take it for sound', () => {
    const { index } = indexOf(joined(lameFrame(5, 576, 1105), frames(0, 5)));
    expect(index.frames).toBe(5);
    expect(index.description).toEqual({ frames: 5, before: 576 + 529, behind: 1105 - 529 });
  });

  it('is not misled by bytes that look like a frame, before and between', () => {
    const lure = Uint8Array.of(0xff, 0xfb, 0x90, 0x40, 1, 2, 3);
    const { index } = indexOf(joined(lure, frames(0, 3), Uint8Array.of(0, 0xff, 0, 7), frames(3, 5)), 50);
    expect([index.frames, index.offset(0)]).toEqual([5, 7]);
    expect(index.offset(3)).toBe(7 + 3 * frameBytes + 4);
  });

  it('counts no frame of which the end is missing', () => {
    expect(indexOf(joined(frames(0, 3), frame(3).subarray(0, 400))).index.frames).toBe(3);
  });

  it('gives up on what is no MP3, and only then', () => {
    expect(indexOf(new Uint8Array(60_000).fill(3)).index.failed).toBe(false);
    expect(indexOf(new Uint8Array(70_000).fill(3), 5000).index.failed).toBe(true);
  });
});

/** A source over frames 0..count, which a decoder that cuts off `cut` samples turns into numbers. */
function sourceOf(count: number, cut: number, first: Uint8Array = new Uint8Array(0)) {
  const { store, index } = indexOf(joined(first, frames(0, 4)));
  const decode = vi.fn(async (bytes: Uint8Array) => decodeNumbers(bytes, cut));
  const source = new MpegSource(store, index, index.first!, decode);
  return { source, decode, arrive: (from: number, to = count) => source.append(frames(from, to)) };
}

async function readAll(source: MpegSource, from = 0): Promise<number[]> {
  const samples: number[] = [];
  for (let tries = 0; tries < 100 && samples.length < (source.end ?? Infinity) - from; tries += 1) {
    const sound = source.read(from + samples.length, 22_050);
    for (const sample of sound[0] ?? []) samples.push(sample);
    if (lengthOf(sound) === 0) await Promise.resolve();
  }
  return samples;
}

describe('MpegSource', () => {
  it.each([0, 1105])('joins its parts sample by sample, though the decoder cuts off %i at each beginning', async (cut) => {
    const { source, arrive, decode } = sourceOf(1000, cut);
    arrive(4);
    source.finish();
    expect(source.end).toBe(1000 * frameSamples);
    const samples = await readAll(source);
    expect(samples).toHaveLength(1000 * frameSamples);
    expect(samples.every((sample, n) => sample === (n < cut ? 0 : n))).toBe(true);
    expect(decode).toHaveBeenCalledTimes(3);
  });

  it('leaves out what the encoder put before and behind the music', async () => {
    const { source, arrive } = sourceOf(6, 0, lameFrame(6, 576, 1105));
    expect(source.expected).toBe(6 * frameSamples - 576 - 1105);
    arrive(4);
    source.finish();
    const samples = await readAll(source);
    expect([samples[0], samples.length]).toEqual([576 + 529, 6 * frameSamples - 576 - 1105]);
  });

  it('begins with the first part that is complete, and reads on wherever it is asked to', async () => {
    const { source, arrive, decode } = sourceOf(2000, 0);
    arrive(4, 383);
    expect(source.ready(0)).toBe(0);
    expect(decode).not.toHaveBeenCalled();
    arrive(383, 2000);
    source.finish();
    expect(source.ready(1_500_000)).toBe(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(source.read(1_500_000, 3)[0]).toEqual(Float32Array.of(1_500_000, 1_500_001, 1_500_002));
  });

  it('keeps only the parts around what is heard', async () => {
    const { source, arrive, decode } = sourceOf(384 * 12, 0);
    arrive(4);
    source.finish();
    for (let part = 0; part < 12; part += 1) {
      source.ready(part * 384 * frameSamples);
      await Promise.resolve();
      await Promise.resolve();
    }
    const before = decode.mock.calls.length;
    expect(source.ready(11 * 384 * frameSamples)).toBeGreaterThan(0);
    expect(decode.mock.calls.length).toBe(before);
    source.ready(0);
    expect(decode.mock.calls.length).toBeGreaterThan(before);
  });

  it('says so when the browser cannot decode it', async () => {
    const { source, decode } = sourceOf(4, 0);
    const failed = vi.fn();
    source.onFailure = failed;
    decode.mockRejectedValue(new Error('EncodingError'));
    source.finish();
    source.ready(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(failed).toHaveBeenCalledWith(expect.stringMatching(/cannot decode/));
  });
});
