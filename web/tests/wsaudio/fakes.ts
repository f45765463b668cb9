import type { OpenOutput } from '../../src/wsaudio/output';
import type { Socket } from '../../src/wsaudio/stream';
import { lengthOf, type Sound, type Source } from '../../src/wsaudio/source';

/** An output whose clock the test moves; `heard` is what comes out of it, frame by frame, the first channel only. */
export class FakeOutput implements OpenOutput {
  running = true;
  closed = false;
  frame = 0;
  gain = 1;
  pieces: { at: number; sound: Sound }[] = [];
  /** Pieces that reached it after their time. */
  late = 0;

  constructor(readonly rate: number) {}

  now(): number {
    return this.frame;
  }

  play(sound: Sound, at: number): void {
    if (at < this.frame) this.late += 1;
    this.pieces.push({ at, sound });
  }

  silence(): void {
    this.pieces = this.pieces.flatMap(({ at, sound }) => {
      const kept = Math.min(lengthOf(sound), this.frame - at);
      return kept > 0 ? [{ at, sound: sound.map((samples) => samples.slice(0, kept)) }] : [];
    });
  }

  resume(): void {
    this.running = true;
  }

  suspend(): void {
    this.running = false;
  }

  close(): void {
    this.closed = true;
  }

  setGain(gain: number): void {
    this.gain = gain;
  }

  async decode(bytes: Uint8Array): Promise<Sound> {
    return [Float32Array.from(bytes)];
  }

  heard(channel = 0): Float32Array {
    const out = new Float32Array(Math.max(0, ...this.pieces.map(({ at, sound }) => at + lengthOf(sound))));
    for (const { at, sound } of this.pieces) sound[channel]!.forEach((sample, n) => (out[at + n]! += sample));
    return out;
  }
}

/** Sound whose every frame is its own number, counted from 1: a missing, doubled or moved one is seen at once. */
export class Counting implements Source {
  begin = 0;
  held = 0;
  arrived = 0;
  end: number | undefined;
  expected: number | undefined;
  onMore = (): void => {};

  constructor(readonly rate: number) {}

  arrive(frames: number): void {
    this.arrived += frames;
    this.onMore();
  }

  finish(): void {
    this.end = this.arrived;
    this.onMore();
  }

  ready(from: number): number {
    return Math.max(0, this.arrived - from);
  }

  read(from: number, most: number): Sound {
    return [Float32Array.from({ length: Math.min(most, this.ready(from)) }, (_, n) => from + n + 1)];
  }

  forgetBefore(): void {}
}

export class FakeSocket implements Socket {
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  sent: string[] = [];
  closedWith: number | undefined;

  constructor(readonly address = '') {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number): void {
    this.closedWith = code ?? 1005;
  }

  text(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  bytes(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer });
  }

  lose(code: number, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}
