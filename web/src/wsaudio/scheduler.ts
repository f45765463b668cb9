// Keeps an output fed from a source: piece after piece, each from exactly the frame at which the last one ends. When the
// source has nothing in time there is silence, and then it goes on with the very next frame. Holds no timer: pump() is
// called a few times a second, and when more has arrived.

import type { Output } from './output';
import { lengthOf, type Sound, type Source } from './source';

/** `waiting`: for sound to arrive. */
export type Flow = 'idle' | 'waiting' | 'sounding' | 'ended';

/** All in seconds. */
export interface SchedulerSettings {
  /** Must be there before sound begins. */
  readonly prebuffer: number;
  /** Handed over this far ahead: longer than the longest pause of a hidden page's timers. */
  readonly ahead: number;
  /** Between now and the first frame: one that is late on a busy machine would sound into the next piece. */
  readonly margin: number;
  /** Longest piece. */
  readonly piece: number;
  /** Sound that begins in the middle fades in, as the ear hears a jump as a click. */
  readonly fade: number;
}

export const usualSettings: SchedulerSettings = { prebuffer: 0.5, ahead: 4, margin: 0.15, piece: 0.5, fade: 0.005 };

export class Scheduler {
  private flow: Flow = 'idle';
  /** The next frame of the source to hand over. */
  private next = 0;
  /** Where the run that sounds began. */
  private begun = 0;
  /** The output's frame of the source's frame 0, as of this run. */
  private origin = 0;

  constructor(
    private readonly output: Output,
    private readonly source: Source,
    private readonly settings: SchedulerSettings = usualSettings,
  ) {}

  get state(): Flow {
    return this.flow;
  }

  /** The frame of the source that is heard now, or that will be next. */
  position(): number {
    if (this.flow !== 'sounding') return this.next;
    return Math.min(this.next, Math.max(this.begun, this.output.now() - this.origin));
  }

  play(from: number): void {
    this.output.silence();
    this.next = from;
    this.flow = 'waiting';
    this.pump();
  }

  /** Silent until play(); at the end of the sound it stays `ended` unless `at` says where it is from now on. */
  halt(at?: number): void {
    if (at !== undefined || this.flow !== 'ended') {
      this.next = at ?? this.position();
      this.flow = 'idle';
    }
    this.output.silence();
  }

  pump(): void {
    if (this.flow === 'sounding' && this.remaining() <= 0) this.flow = this.complete() ? 'ended' : 'waiting';
    if (this.flow === 'waiting') this.begin();
    // So near its end a piece may come too late to join on; then it is left to end.
    const inTime = this.remaining() >= this.frames(this.settings.margin / 4);
    if (this.flow === 'sounding' && inTime) this.handOver();
  }

  private frames(seconds: number): number {
    return Math.round(seconds * this.source.rate);
  }

  private complete(): boolean {
    return this.source.end !== undefined && this.next >= this.source.end;
  }

  /** Frames that were handed over and are still to be heard. */
  private remaining(): number {
    return this.origin + this.next - this.output.now();
  }

  private begin(): void {
    if (this.complete()) {
      this.flow = 'ended';
      return;
    }
    const wanted = Math.min(this.frames(this.settings.prebuffer), (this.source.end ?? Infinity) - this.next);
    if (this.source.ready(this.next) < wanted) return;
    this.begun = this.next;
    this.origin = this.output.now() + this.frames(this.settings.margin) - this.next;
    this.flow = 'sounding';
  }

  private handOver(): void {
    const until = this.output.now() + this.frames(this.settings.ahead);
    while (this.origin + this.next < until) {
      const sound = this.source.read(this.next, this.frames(this.settings.piece));
      const frames = lengthOf(sound);
      if (frames === 0) return;
      if (this.next === this.begun && this.next > 0) fadeIn(sound, this.frames(this.settings.fade));
      this.output.play(sound, this.origin + this.next);
      this.next += frames;
    }
  }
}

function fadeIn(sound: Sound, frames: number): void {
  for (const samples of sound) {
    for (let n = 0; n < Math.min(frames, samples.length); n += 1) samples[n] = samples[n]! * (n / frames);
  }
}
