// One cue in the ear: hands its sound to a lane of the output piece by piece, each from exactly the frame at which the
// last one ends, so that the sample for server time T is heard at T. Holds no timer: pump() is called a few times a
// second, and looks at the clocks anew each time. Entering late, coming back, and being told of another end are all the
// same: it goes on from where it should be by now, faded over.

import type { Span } from '../walk/cues';
import { paceOf } from './pace';
import { before, behind, isReady, ramp, readPassage, scale, stretched, type Passage } from './pieces';
import type { Lane } from './output';

/** Between the output's frames and the server's time in µs, as of now. Both ways are monotone. */
export interface Aim {
  serverAt(frame: number): number;
  frameAt(time: number): number;
}

/** What was measured when it began. */
export interface Started {
  readonly cue: number;
  /** By how much its first sample was heard too late, in µs. */
  readonly error: number;
  /** How long after the cue's start it came in. */
  readonly late: number;
}

export interface VoicePorts {
  openLane(): Lane;
  onStarted(started: Started): void;
}

/** Seconds. */
const ahead = 4;
const piece = 0.5;
const margin = 0.08;
const prebuffer = 0.2;
/** Long enough not to click. */
const fade = 0.006;
/** Further away than this it is not worth while to hurry or to wait. */
const resync = 0.02;
/** A cue is made ready so long before it begins. */
const prepare = 20;
/** After its start, when the clocks have settled somewhat: the error of the start is looked at. */
const judgeAfter = 0.15;

interface Run {
  readonly lane: Lane;
  /** The next frame of the output, and the sample of the passage that belongs there. */
  frame: number;
  sample: number;
  correcting: boolean;
  readonly begun: number;
  readonly firstSample: number;
  readonly fadeIn: boolean;
}

export class Voice {
  private run: Run | undefined;
  private told = false;
  private over = false;

  constructor(
    private span: Span,
    private readonly passage: Passage,
    private readonly rate: number,
    private readonly gain: number,
    private readonly ports: VoicePorts,
  ) {}

  get id(): number {
    return this.span.cue.id;
  }

  /** Nothing more comes of it. */
  get done(): boolean {
    return this.over;
  }

  get sounding(): boolean {
    return this.run !== undefined;
  }

  /** It ends at another moment, or in another way. Heard from the next pump on. */
  change(span: Span, now: number): void {
    const same = span.to === this.span.to && span.fade === this.span.fade && span.from === this.span.from;
    this.span = span;
    if (!same) this.leave(now + this.frames(margin));
  }

  /** It is no longer wanted. */
  stop(now: number): void {
    if (!this.over) this.leave(now + this.frames(margin));
    this.over = true;
  }

  /** Silent at once: the output stood still, and what it holds would come too late. */
  cut(): void {
    this.run?.lane.cut();
    this.run = undefined;
  }

  pump(now: number, aim: Aim): void {
    if (this.over) return;
    if (aim.serverAt(now) >= this.span.to) {
      // Its lane ends by itself.
      this.over = true;
      return;
    }
    const run = this.run;
    if (run) {
      const astray = Math.abs(run.sample - this.due(run.frame, aim)) > resync * this.rate;
      const tooLate = run.frame < now + this.frames(margin / 4) && !this.isComplete(run);
      if (astray || tooLate) this.leave(now + this.frames(margin));
    }
    this.run ??= this.enter(now, aim);
    if (!this.run) return;
    this.handOver(this.run, now, aim);
    this.judge(this.run, now, aim);
  }

  private frames(seconds: number): number {
    return Math.round(seconds * this.rate);
  }

  /** The sample that should be heard at a frame; may have a fraction. */
  private due(frame: number, aim: Aim): number {
    return ((aim.serverAt(frame) - this.span.from) * this.rate) / 1e6;
  }

  private isComplete(run: Run): boolean {
    return !this.passage.loop && run.sample >= this.passage.length;
  }

  private leave(frame: number): void {
    this.run?.lane.fadeOut(frame, this.frames(fade));
    this.run = undefined;
  }

  private enter(now: number, aim: Aim): Run | undefined {
    const start = Math.ceil(aim.frameAt(this.span.from) - 0.5);
    const soonest = now + this.frames(margin);
    if (start > now + this.frames(prepare)) return undefined;
    const frame = Math.max(start, soonest);
    const sample = Math.max(0, Math.round(this.due(frame, aim)));
    if (!this.passage.loop && sample >= this.passage.length) return undefined;
    const ready = isReady(this.passage, sample - before, this.frames(prebuffer) + before + behind);
    if (!ready || frame > now + this.frames(ahead)) return undefined;
    const lane = this.ports.openLane();
    const run = { lane, frame, sample, correcting: false, begun: frame, firstSample: sample, fadeIn: sample > 0 || this.passage.first > 0 };
    this.shapeEnd(run, aim);
    return run;
  }

  /** How it is to end, unless its part is over before. */
  private shapeEnd({ lane, begun }: Run, aim: Aim): void {
    const { to, fade: fading, from, cue } = this.span;
    const natural = cue.loop ? Infinity : from + (this.passage.length * 1e6) / this.rate;
    if (to >= natural && fading === 0) return;
    const end = Math.round(aim.frameAt(to));
    if (fading === 0) return lane.fadeOut(end, this.frames(fade));
    const fadeFrames = (fading * this.rate) / 1e6;
    const gone = Math.min(1, Math.max(0, (begun - (end - fadeFrames)) / fadeFrames));
    lane.fadeOut(Math.max(begun, Math.round(end - fadeFrames)), Math.round(fadeFrames * (1 - gone)), 1 - gone);
  }

  private handOver(run: Run, now: number, aim: Aim): void {
    const until = now + this.frames(ahead);
    while (run.frame < until && !this.isComplete(run) && aim.serverAt(run.frame) < this.span.to) {
      const frames = this.frames(piece);
      const due = this.due(run.frame, aim);
      const { taken, correcting } = paceOf(run.sample - due, this.due(run.frame + frames, aim) - due, frames, run.correcting);
      const left = this.passage.loop ? Infinity : this.passage.length - run.sample;
      // The last piece is as long as what is left.
      const [take, over] = taken <= left ? [taken, frames] : [left, Math.max(1, Math.round((left * frames) / taken))];
      if (!isReady(this.passage, run.sample - before, take + before + behind)) return;
      const sound = stretched(readPassage(this.passage, run.sample - before, take + before + behind), take, over);
      this.soften(sound, run, take);
      scale(sound, this.gain);
      run.lane.play(sound, run.frame);
      run.frame += over;
      run.sample += take;
      run.correcting = correcting;
    }
  }

  /** Sound that begins or ends in the middle. */
  private soften(sound: Parameters<typeof ramp>[0], run: Run, take: number): void {
    const length = this.frames(fade);
    if (run.fadeIn && run.frame - run.begun < length) ramp(sound, run.begun - run.frame, run.begun - run.frame + length, 0, 1);
    const { passage } = this;
    if (passage.loop || passage.first + passage.length >= passage.material.length) return;
    const end = passage.length - run.sample;
    if (end - take < length) ramp(sound, end - length, end, 1, 0);
  }

  private judge(run: Run, now: number, aim: Aim): void {
    if (this.told || now < run.begun + this.frames(judgeAfter)) return;
    this.told = true;
    const [should, was] = [this.due(run.begun, aim), run.firstSample];
    const late = was < 1.5 && Math.abs(should - was) < resync * this.rate ? 0 : (was * 1e6) / this.rate;
    this.ports.onStarted({ cue: this.id, error: ((should - was) * 1e6) / this.rate, late: Math.max(0, Math.round(late)) });
  }
}
