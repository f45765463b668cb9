import { describe, expect, it } from 'vitest';
import { Voice, type Aim, type Started } from '../../src/audio/voice';
import type { Passage } from '../../src/audio/pieces';
import { spansOf, type Span } from '../../src/walk/cues';
import { noWalk, type Live } from '../../src/walk/types';
import { FakeOutput, Numbered } from './fakes';
import { randomFrom } from './random';

const rate = 48_000;
const second = 1e6;

function live(a: number, b: number, start: number, rest: Partial<Live> = {}): Live {
  return { id: 1, name: null, asset: 'x', a, b, volume: 100, loop: false, start, stop: null, ...rest };
}

const spanOf = (cue: Live): Span => spansOf({ ...noWalk, live: { now: cue, next: null } })[0]!;

/** A voice whose server's clock is `offset` seconds ahead of the output's, and which is pumped ten times a second. */
class Stage {
  readonly output = new FakeOutput(rate);
  readonly started: Started[] = [];
  readonly material = new Numbered(rate, 120 * rate);
  readonly voice: Voice;
  offset = 5;
  drift = 0;

  constructor(
    readonly cue: Live,
    gain = 1,
  ) {
    const passage: Passage = { material: this.material, first: (cue.a * rate) / 1000, length: ((cue.b - cue.a) * rate) / 1000, loop: cue.loop };
    this.voice = new Voice(spanOf(cue), passage, rate, gain, { openLane: () => this.output.openLane(), onStarted: (one) => this.started.push(one) });
  }

  get aim(): Aim {
    const { offset, drift } = this;
    return {
      serverAt: (frame) => ((frame / rate) * (1 + drift) + offset) * second,
      frameAt: (time) => ((time / second - offset) / (1 + drift)) * rate,
    };
  }

  /** Until the output's second `to`. */
  run(to: number, step = 0.1): void {
    while (this.output.frame < to * rate) {
      this.voice.pump(this.output.frame, this.aim);
      this.output.frame += Math.round(step * rate);
    }
  }

  /** The sample (from 0) that is heard at an output's second, or undefined in silence. */
  at(time: number): number | undefined {
    const [value] = this.output.heard(Math.round(time * rate), Math.round(time * rate) + 1);
    return value === 0 ? undefined : value! - 1;
  }

  /** By how many samples it is off at an output's second. */
  error(time: number): number {
    const due = ((this.aim.serverAt(time * rate) - this.cue.start) / second) * rate + (this.cue.a * rate) / 1000;
    return (this.at(time) ?? NaN) - due;
  }

  get late(): number {
    return this.output.lanes.reduce((sum, lane) => sum + lane.late, 0);
  }
}

describe('Voice', () => {
  it('plays each sample at its time, every one exactly once', () => {
    const stage = new Stage(live(1000, 9000, 7 * second));
    stage.run(11);
    expect(stage.at(1.999)).toBeUndefined();
    const heard = stage.output.heard(2 * rate, 10 * rate);
    for (let n = 400; n < 8 * rate - 400; n += 1) if (heard[n] !== rate + n + 1) throw new Error(`sample ${n} is ${heard[n]}`);
    expect(stage.at(10.001)).toBeUndefined();
    expect(stage.started).toHaveLength(1);
    expect(stage.started[0]!.late).toBe(0);
    expect(stage.started[0]!.error).toBeCloseTo(0, 3);
    expect(stage.voice.done).toBe(true);
  });

  it('fades in and out where a part begins and ends in the middle, and not at the ends of the asset', () => {
    const middle = new Stage(live(1000, 2000, 7 * second));
    middle.run(4);
    const [begin] = middle.output.heard(2 * rate + 10, 2 * rate + 11);
    expect(begin!).toBeLessThan(0.05 * rate);
    const whole = new Stage(live(0, 120_000, 7 * second));
    whole.run(4);
    expect(whole.output.heard(2 * rate, 2 * rate + 3)).toEqual(Float64Array.of(1, 2, 3));
  });

  it('comes in late at the right place, and says so', () => {
    const stage = new Stage(live(0, 60_000, -5 * second));
    stage.run(2);
    expect(Math.abs(stage.error(1))).toBeLessThan(1);
    expect(stage.started[0]!.late / second).toBeCloseTo(10.08, 1);
  });

  it('waits for sound that is not there, and then comes in where it should be', () => {
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.material.stored = 0;
    stage.run(4);
    expect(stage.output.lanes).toHaveLength(0);
    stage.material.stored = Infinity;
    stage.run(6);
    expect(Math.abs(stage.error(5.5))).toBeLessThan(1);
  });

  it('goes on in time after sound has been missing in the middle', () => {
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.material.stored = 5 * rate;
    stage.run(9);
    expect(stage.at(8)).toBeUndefined();
    stage.material.stored = Infinity;
    stage.run(12);
    expect(Math.abs(stage.error(11))).toBeLessThan(1);
    expect(stage.late).toBe(0);
  });

  it('stops with a fade', () => {
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.run(3);
    stage.voice.change(spanOf({ ...stage.cue, stop: { at: 9 * second, fadeMs: 2000 } }), stage.output.frame);
    stage.run(8);
    const level = (time: number) => (stage.at(time) ?? -1) / ((time - 1) * rate);
    expect([3.9, 4.5, 5, 5.5].map((time) => Number(level(time).toFixed(2)))).toEqual([1, 0.75, 0.5, 0.25]);
    expect(stage.at(6.01)).toBeUndefined();
    expect(stage.voice.done).toBe(true);
  });

  it('is heard without a gap while it learns of its end', () => {
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.run(3);
    stage.voice.change({ ...spanOf(stage.cue), to: 10 * second }, stage.output.frame);
    stage.run(6);
    const heard = stage.output.heard(2 * rate, 4.99 * rate);
    heard.forEach((value, n) => {
      if (Math.abs(value - (rate + n + 1)) > 0.05) throw new Error(`sample ${n}: ${value}`);
    });
    expect(stage.at(5.02)).toBeUndefined();
  });

  it('goes round in a loop to the sample', () => {
    const stage = new Stage(live(1000, 1700, 6 * second, { loop: true }));
    stage.run(20);
    const length = 33_600;
    const heard = stage.output.heard(1 * rate + 400, 19 * rate);
    heard.forEach((value, n) => {
      if (value !== rate + ((n + 400) % length) + 1) throw new Error(`sample ${n}: ${value}`);
    });
  });

  it('is in time again after the output stood still, and plays nothing twice', () => {
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.run(5);
    stage.voice.cut();
    stage.offset += 20; // it stood for 20 s
    stage.run(6);
    expect(Math.abs(stage.error(5.5))).toBeLessThan(1);
  });

  it('has the volume of its cue', () => {
    const stage = new Stage(live(0, 60_000, 6 * second), 0.25);
    stage.run(3);
    expect(stage.output.heard(2 * rate, 2 * rate + 1)[0]).toBe((rate + 1) / 4);
  });

  it.each([1, 2, 3, 4, 5, 6])('stays within 0.4 ms at any drift and any pause of the timers, without a click (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const stage = new Stage(live(0, 60_000, 6 * second));
    stage.drift = (random() - 0.5) * 400e-6;
    const errors: number[] = [];
    while (stage.output.frame < 45 * rate) {
      stage.voice.pump(stage.output.frame, stage.aim);
      stage.output.frame += Math.round((0.02 + random() ** 6 * 2.5) * rate);
    }
    for (let time = 10; time < 43; time += 0.37) errors.push(Math.abs(stage.error(Math.round(time * rate) / rate)));
    expect(Math.max(...errors)).toBeLessThan(0.0004 * rate);
    expect(stage.output.lanes).toHaveLength(1);
    expect(stage.late).toBe(0);
    const heard = stage.output.heard(2 * rate, 43 * rate);
    for (let n = 1; n < heard.length; n += 1) {
      const step = heard[n]! - heard[n - 1]!;
      if (step < 0.8 || step > 1.2) throw new Error(`a click at ${n}: ${step}`);
    }
  });

  it('does not jump for an error that can be walked off, and jumps over a large one', () => {
    const stage = new Stage(live(0, 110_000, 6 * second));
    stage.run(5);
    stage.offset += 0.008;
    stage.run(20);
    expect(stage.output.lanes).toHaveLength(1);
    expect(Math.abs(stage.error(19))).toBeLessThan(13);
    stage.offset += 0.3;
    stage.run(22);
    expect(stage.output.lanes).toHaveLength(2);
    expect(Math.abs(stage.error(21))).toBeLessThan(13);
  });
});
