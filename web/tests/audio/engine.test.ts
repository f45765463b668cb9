import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/audio/device_clock';
import { Engine } from '../../src/audio/engine';
import { spansOf } from '../../src/walk/cues';
import { noWalk, type Live } from '../../src/walk/types';
import { FakeOutput, type FakeLane } from './fakes';

const rate = 48_000;
const bytes = 384 * 3000;
const shape = { bytes, rate, frames: 1152 * 2990, delay: 1105 };
const live = (id: number, a: number, b: number, start: number): Live => ({ id, name: null, asset: 'forest', a, b, volume: 100, loop: false, start, stop: null });

/** A server `ahead` µs ahead of the page; the output's clock stands still while it does not run. */
class Stage {
  now = 0;
  readonly ahead = 7e6;
  readonly latency = 0.02;
  reads = 0;
  readonly running: boolean[] = [];
  readonly output: FakeOutput = new FakeOutput(rate, (now): Reading => ({ now, currentTime: this.output.frame / rate, stamp: undefined, outputLatency: this.latency, baseLatency: 0.01 }));
  resumed = 0;
  private onState = (): void => {};
  readonly engine = new Engine({
    now: () => this.now,
    openOutput: (_rate, onState) => {
      this.onState = onState;
      return this.output;
    },
    asset: () => ({
      shape,
      readBytes: async (from, to) => {
        this.reads += to - from;
        return new Uint8Array(to - from);
      },
    }),
    onStarted: () => {},
    onProblem: (reason) => expect.unreachable(reason),
    onRunning: (running) => this.running.push(running),
  });

  constructor() {
    this.output.resume = () => void (this.resumed += 1);
    this.engine.unlock();
  }

  get server() {
    return { toServer: (time: number) => time + this.ahead, toClient: (time: number) => time - this.ahead };
  }

  async run(seconds: number): Promise<void> {
    const end = this.now + seconds * 1e6;
    while (this.now < end) {
      this.now += 100_000;
      if (this.output.running) this.output.frame += rate / 10;
      this.engine.pump(this.server);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** As a call, an alarm, or headphones that are pulled do it. */
  interrupt(running: boolean): void {
    this.output.running = running;
    this.onState();
  }

  play(...cues: Live[]): void {
    const [now = null, next = null] = cues;
    this.engine.play(spansOf({ ...noWalk, live: { now, next } }));
  }

  /** Lanes that are heard at the output's next frame. */
  get heard(): FakeLane[] {
    const { frame } = this.output;
    return this.output.lanes.filter((lane) => lane.levelAt(frame) > 0 && lane.pieces.some(({ at, sound }) => at <= frame && frame < at + sound[0]!.length));
  }

  /** By how many samples what is heard is off. */
  error(cue: Live): number {
    const [lane] = this.heard;
    const first = lane!.pieces[0]!.at;
    const heardAt = this.now + ((first - this.output.frame) / rate + this.latency) * 1e6 + this.ahead;
    return Math.abs(heardAt - cue.start) < 1 ? 0 : ((heardAt - cue.start) * rate) / 1e6;
  }
}

describe('Engine', () => {
  it('after a call it goes on where it should be by now, within a second, and plays nothing of what it missed', async () => {
    const stage = new Stage();
    const cue = live(1, 0, 60_000, stage.ahead + 1e6);
    stage.play(cue);
    await stage.run(5);
    const before = stage.output.lanes.length;
    expect(stage.heard).toHaveLength(1);
    stage.interrupt(false);
    expect(stage.output.lanes.every((lane) => lane.cutAt <= stage.output.frame)).toBe(true);
    await stage.run(30);
    stage.engine.wake();
    expect(stage.resumed).toBeGreaterThan(1);
    expect(stage.output.lanes).toHaveLength(before); // nothing is handed over meanwhile
    stage.interrupt(true);
    await stage.run(1);
    expect(stage.heard).toHaveLength(1);
    expect(stage.output.lanes).toHaveLength(before + 1);
    const entered = stage.error(cue) / rate;
    expect(Math.abs(entered - 34.6)).toBeLessThan(0.7); // of its part: 35 s of which it began 1 s in
    expect(stage.running).toEqual([true, false, true]);
  });

  it('of a cue that was over meanwhile nothing is heard', async () => {
    const stage = new Stage();
    stage.play(live(1, 0, 8000, stage.ahead + 1e6));
    await stage.run(3);
    stage.interrupt(false);
    await stage.run(10);
    const before = stage.output.lanes.length;
    stage.interrupt(true);
    await stage.run(2);
    expect(stage.output.lanes).toHaveLength(before);
  });

  it('reads and decodes no more than what is near', async () => {
    const stage = new Stage();
    stage.play(live(1, 40_000, 60_000, stage.ahead));
    await stage.run(2);
    expect(stage.reads).toBeLessThan(4 * (4.608 + 0.5) * 16_000); // four parts of 4.6 s, and what decoders need before them
    expect(stage.heard).toHaveLength(1);
  });

  it('a correction by ear makes it earlier', async () => {
    const at: number[] = [];
    for (const correction of [0, 80_000]) {
      const stage = new Stage();
      stage.engine.correction = correction;
      stage.play(live(1, 0, 60_000, stage.ahead + 1e6));
      await stage.run(2);
      at.push(stage.output.lanes[0]!.pieces[0]!.at);
      expect(stage.engine.latency).toBe(20_000 + correction);
    }
    expect(at[0]! - at[1]!).toBe(0.08 * rate);
  });
});
