import type { Material } from '../../src/audio/asset_source';
import type { Lane, Output } from '../../src/audio/output';
import type { Reading } from '../../src/audio/device_clock';
import { lengthOf, type Sound } from '../../src/wsaudio/source';

/** Sample n is n + 1, of both channels: a missing, doubled or moved one is seen at once. */
export class Numbered implements Material {
  /** Nothing is ready from here on. */
  stored = Infinity;

  constructor(
    readonly rate: number,
    readonly length: number,
    private readonly edge = 10_000,
  ) {}

  ready(from: number): number {
    return Math.max(0, Math.min(this.length, this.stored) - from);
  }

  /** As parts that are decoded one by one: never across an edge. */
  read(from: number, count: number): Sound {
    const length = Math.min(count, this.ready(from), this.edge - (from % this.edge));
    const samples = Float32Array.from({ length }, (_, n) => from + n + 1);
    return [samples, samples];
  }
}

interface Fade {
  readonly at: number;
  readonly frames: number;
  readonly level: number;
}

/** A lane as Web Audio renders it, first channel only. */
export class FakeLane implements Lane {
  readonly pieces: { at: number; sound: Sound }[] = [];
  fade: Fade | undefined;
  cutAt = Infinity;
  late = 0;

  constructor(private readonly output: FakeOutput) {}

  play(sound: Sound, at: number): void {
    if (at < this.output.frame) this.late += 1;
    this.pieces.push({ at, sound });
  }

  fadeOut(at: number, frames: number, level = 1): void {
    if (this.fade && at >= this.fade.at + this.fade.frames) return;
    this.fade = { at: Math.max(at, this.output.frame), frames, level: level * this.levelAt(at) };
  }

  cut(): void {
    this.cutAt = this.output.frame;
  }

  levelAt(frame: number): number {
    if (frame >= this.cutAt) return 0;
    if (!this.fade || frame < this.fade.at) return 1;
    const { at, frames, level } = this.fade;
    return Math.max(0, level * (1 - (frame - at) / frames));
  }

  addTo(out: Float64Array, from: number): void {
    for (const { at, sound } of this.pieces) {
      const last = Math.min(lengthOf(sound), from + out.length - at);
      for (let n = Math.max(0, from - at); n < last; n += 1) out[at + n - from]! += sound[0]![n]! * this.levelAt(at + n);
    }
  }
}

/** An output whose clock the test moves. */
export class FakeOutput implements Output {
  running = true;
  frame = 0;
  readonly lanes: FakeLane[] = [];

  constructor(
    readonly rate: number,
    private readonly readAt: (now: number) => Reading = () => ({ now: 0, currentTime: 0, stamp: undefined, outputLatency: undefined, baseLatency: undefined }),
  ) {}

  now(): number {
    return this.frame;
  }

  reading(now: number): Reading {
    return this.readAt(now);
  }

  openLane(): FakeLane {
    const lane = new FakeLane(this);
    this.lanes.push(lane);
    return lane;
  }

  setGain(): void {}
  resume(): void {}
  close(): void {}

  async decode(bytes: Uint8Array): Promise<Sound> {
    return [Float32Array.from(bytes)];
  }

  /** What is rendered in [from, to). */
  heard(from: number, to: number): Float64Array {
    const out = new Float64Array(to - from);
    for (const lane of this.lanes) lane.addTo(out, from);
    return out;
  }
}
