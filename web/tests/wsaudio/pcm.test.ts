import { describe, expect, it } from 'vitest';
import { parsePcmMessage, type Encoding } from '../../src/wsaudio/pcm_header';
import { decodePcm } from '../../src/wsaudio/pcm_samples';
import { PcmSource } from '../../src/wsaudio/pcm_source';

const documented = '{"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 8192}';

describe('the messages of /pcm', () => {
  it('reads the documented header', () => {
    expect(parsePcmMessage(documented)).toEqual({
      type: 'header',
      header: { rate: 44100, channels: 2, encoding: 's16', frameBytes: 4, firstFrame: 0 },
    });
  });

  it.each([
    [{ sample_width: 3 }, 's24', 6],
    [{ sample_width: 4 }, 's32', 8],
    [{ sample_width: 4, format: 'float' }, 'f32', 8],
  ] as const)('tells the encoding of %j', (extra, encoding, frameBytes) => {
    const message = parsePcmMessage(JSON.stringify({ ...JSON.parse(documented), ...extra }));
    expect(message).toMatchObject({ header: { encoding, frameBytes } });
  });

  it('knows the end, an error, and what is neither', () => {
    expect(parsePcmMessage('{"type": "end"}')).toEqual({ type: 'end' });
    expect(parsePcmMessage('{"type": "error", "message": "no such file"}')).toEqual({ type: 'error', message: 'no such file' });
    for (const text of ['', 'Então você disse que: oi', '[]', 'null', '7', '{"type": 3}']) {
      expect(parsePcmMessage(text)).toEqual({ type: 'other' });
    }
  });

  it.each([{ rate: 0 }, { rate: 1e9 }, { rate: '44100' }, { channels: 0 }, { channels: 33 }, { sample_width: 1 }, { sample_width: 2.5 }, { first_frame: -1 }])(
    'refuses a header with %j, and says what is wrong',
    (wrong) => {
      const text = JSON.stringify({ ...JSON.parse(documented), ...wrong });
      expect(() => parsePcmMessage(text)).toThrow(new RegExp(String(Object.values(wrong)[0])));
    },
  );
});

/** Silence, the greatest, the smallest, and one step above and below silence. */
const golden: Record<Encoding, [bytes: number[], samples: number[]]> = {
  s16: [[0, 0, 0xff, 0x7f, 0x00, 0x80, 1, 0, 0xff, 0xff], [0, 32767 / 32768, -1, 1 / 32768, -1 / 32768]],
  s24: [[0, 0, 0, 0xff, 0xff, 0x7f, 0, 0, 0x80, 1, 0, 0, 0xff, 0xff, 0xff], [0, 8388607 / 8388608, -1, 2 ** -23, -(2 ** -23)]],
  s32: [[0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x80, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], [0, 0.5, -1, 2 ** -31, -(2 ** -31)]],
  f32: [[0, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0x80, 0xbf, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xbe], [0, 0.5, -1, 1.5, -0.125]],
};

describe('decodePcm', () => {
  it.each(Object.entries(golden))('%s', (encoding, [bytes, samples]) => {
    expect([...decodePcm(Uint8Array.from(bytes), encoding as Encoding, 1)[0]!]).toEqual(samples);
  });

  it('separates the channels and leaves out half a frame', () => {
    const [left, right] = decodePcm(Uint8Array.of(0, 0x40, 0, 0xc0, 0, 0x20, 0, 0xe0, 1, 1), 's16', 2);
    expect([[...left!], [...right!]]).toEqual([[0.5, 0.25], [-0.5, -0.25]]);
  });

  it('reads from any address in memory', () => {
    const bytes = Uint8Array.from([9, ...golden.s24[0]]).subarray(1);
    expect([...decodePcm(bytes, 's24', 1)[0]!]).toEqual(golden.s24[1]);
  });
});

describe('PcmSource', () => {
  const header = { rate: 8000, channels: 1, encoding: 's16' as const, frameBytes: 2, firstFrame: 0 };

  it('joins messages that end within a sample', () => {
    const source = new PcmSource(header);
    source.append(Uint8Array.of(0));
    expect(source.arrived).toBe(0);
    source.append(Uint8Array.of(0x40, 0, 0x20, 0));
    expect([source.arrived, source.expected, source.end]).toEqual([2, undefined, undefined]);
    source.finish();
    expect([...source.read(0, 99)[0]!]).toEqual([0.5, 0.25]);
    expect([source.end, source.expected]).toEqual([2, 2]);
  });

  it('counts from where the server began', () => {
    const source = new PcmSource({ ...header, firstFrame: 1000 });
    source.append(Uint8Array.of(0, 0x40, 0, 0x20));
    expect([source.begin, source.arrived, source.ready(1001), source.ready(999)]).toEqual([1000, 1002, 1, 0]);
    expect([...source.read(1001, 9)[0]!]).toEqual([0.25]);
    source.forgetBefore(1002);
    source.finish();
    expect([source.begin, source.end]).toEqual([1002, 1002]);
  });

  it('has nothing more of what it was told to forget', () => {
    const source = new PcmSource(header);
    for (let n = 0; n < 4; n += 1) source.append(new Uint8Array(8));
    source.forgetBefore(9);
    expect([source.begin, source.arrived, source.held]).toEqual([8, 16, 16]);
    expect([source.ready(7), source.ready(8), source.ready(20)]).toEqual([0, 8, 0]);
  });
});
