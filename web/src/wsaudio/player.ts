// Plays one stream at a time: connects, waits for enough of it, plays, pauses, seeks within what has arrived. Knows no
// page; tells every change through onChange. The page has one of these.

import type { OpenAnOutput, OpenOutput } from './output';
import { Scheduler } from './scheduler';
import type { Source } from './source';
import type { OpenStream, Socket, Stream } from './stream';

/** `blocked`: the browser wants a tap before it lets sound out. `failed` before anything could be played. */
export type Phase = 'off' | 'connecting' | 'buffering' | 'playing' | 'paused' | 'ended' | 'blocked' | 'failed';

/** All positions in seconds. */
export interface PlayerState {
  readonly phase: Phase;
  /** What went wrong; with sound there, that can be played on to where it breaks off. */
  readonly problem: string | undefined;
  readonly position: number;
  /** From where to where it can be sought. */
  readonly from: number;
  readonly until: number;
  readonly duration: number | undefined;
  readonly complete: boolean;
  /** "44.1 kHz · 16 bit · stereo" */
  readonly format: string;
}

export const silent: PlayerState = {
  phase: 'off', problem: undefined, position: 0, from: 0, until: 0, duration: undefined, complete: false, format: '',
};

/** A stream that can be had. */
export interface Request {
  readonly address: string;
  readonly open: OpenStream;
  /** Where to ask for it from a frame on, if the server can do that. */
  readonly addressFrom?: (frame: number) => string;
}

export interface PlayerPorts {
  openSocket(address: string): Socket;
  openOutput: OpenAnOutput;
  onChange(state: PlayerState): void;
}

const tickMs = 100;
const answerMs = 10_000;
/** Ticks without sound from a running output, after which it counts as blocked. */
const patience = 8;
/** Ticks after which a paused output is put to sleep. */
const restAfter = 15;
const mostBytes = 256 * 1024 * 1024;
const keptBehindSeconds = 30;

export class StreamPlayer {
  private stream: Stream | undefined;
  private output: OpenOutput | undefined;
  private source: Source | undefined;
  private scheduler: Scheduler | undefined;
  private wanted = false;
  private problem: string | undefined;
  private complete = false;
  private format = '';
  private gain = 1;
  private idleTicks = 0;
  private request: Request | undefined;
  /** In seconds; where it is to begin to be heard. */
  private startAt = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private answer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: PlayerPorts) {}

  /** Plays from `position` seconds on, as soon as that much has arrived. */
  connect(request: Request, position = 0): void {
    this.disconnect();
    this.wanted = true;
    this.startAt = position;
    this.request = request;
    this.timer = setInterval(() => this.tick(), tickMs);
    this.open(request.address);
    this.tick();
  }

  disconnect(): void {
    clearInterval(this.timer);
    clearTimeout(this.answer);
    this.stream?.close();
    this.scheduler?.halt();
    this.output?.close();
    this.stream = this.output = this.source = this.scheduler = this.timer = this.request = undefined;
    this.wanted = this.complete = false;
    this.problem = undefined;
    this.format = '';
    this.idleTicks = 0;
    this.announce();
  }

  play(): void {
    if (!this.source || !this.scheduler) return;
    this.wanted = true;
    this.idleTicks = 0;
    this.output?.resume();
    const sounding = this.scheduler.state === 'sounding' || this.scheduler.state === 'waiting';
    if (!sounding) this.scheduler.play(this.scheduler.state === 'ended' ? this.source.begin : this.scheduler.position());
    this.tick();
  }

  pause(): void {
    this.wanted = false;
    this.idleTicks = 0;
    this.scheduler?.halt();
    this.tick();
  }

  /** To a position in seconds; asks the server anew for what has not arrived, or else goes as near as it can. */
  seek(seconds: number): void {
    if (!this.source || !this.scheduler) return;
    const frame = Math.max(0, Math.round(seconds * this.source.rate));
    const here = frame >= this.source.begin && frame <= this.source.arrived;
    if (!here && !(this.complete && frame > this.source.begin) && this.request?.addressFrom) return this.reopen(frame, this.request.addressFrom);
    const reachable = Math.max(this.source.begin, Math.min(frame, this.source.end ?? this.source.arrived));
    if (this.wanted) this.scheduler.play(reachable);
    else this.scheduler.halt(reachable);
    this.tick();
  }

  /** 0 to 1. */
  setGain(gain: number): void {
    this.gain = gain;
    this.output?.setGain(gain);
  }

  private open(address: string): void {
    this.answer = setTimeout(() => this.fail('The server does not answer.'), answerMs);
    this.stream = this.request?.open(this.ports.openSocket(address), (rate) => this.outputOf(rate), {
      onSource: (source, output, format) => this.begin(source, output, format),
      onComplete: () => this.ended(undefined),
      onFailed: (reason) => this.ended(reason),
    });
  }

  /** The one that is open, where it suits: a browser may let a new one sound only after another tap. */
  private outputOf(rate: number | undefined): OpenOutput {
    if (this.output && rate === this.output.rate) return this.output;
    this.output?.close();
    return (this.output = this.ports.openOutput(rate));
  }

  private reopen(frame: number, addressFrom: (frame: number) => string): void {
    this.startAt = frame / (this.source?.rate ?? 1);
    clearTimeout(this.answer);
    this.stream?.close();
    this.scheduler?.halt();
    this.source = this.scheduler = undefined;
    this.complete = false;
    this.problem = undefined;
    this.open(addressFrom(frame));
    this.tick();
  }

  private begin(source: Source, output: OpenOutput, format: string): void {
    clearTimeout(this.answer);
    this.source = source;
    this.format = format;
    output.setGain(this.gain);
    this.scheduler = new Scheduler(output, source);
    source.onMore = () => this.onMore();
    const first = Math.max(source.begin, Math.round(this.startAt * source.rate));
    if (!this.wanted) return this.scheduler.halt(first);
    output.resume();
    this.scheduler.play(first);
  }

  private onMore(): void {
    if (this.source && this.source.held > mostBytes) this.makeRoom(this.source);
    if (this.wanted) this.scheduler?.pump();
  }

  private makeRoom(source: Source): void {
    const heard = this.scheduler?.position() ?? 0;
    source.forgetBefore(heard - keptBehindSeconds * source.rate);
    if (source.held <= mostBytes || this.complete) return;
    this.stream?.close();
    this.ended('More has arrived than fits into memory. Connect again for the rest.');
  }

  private ended(problem: string | undefined): void {
    clearTimeout(this.answer);
    this.complete = problem === undefined;
    this.problem = problem;
    this.tick();
  }

  private fail(reason: string): void {
    this.stream?.close();
    this.ended(reason);
  }

  private tick(): void {
    if (this.wanted) this.scheduler?.pump();
    if (this.wanted === (this.output?.running ?? true)) this.idleTicks = 0;
    else this.idleTicks += 1;
    if (!this.wanted && this.idleTicks === restAfter) this.output?.suspend();
    this.announce();
  }

  private phase(): Phase {
    if (!this.timer) return 'off';
    if (!this.scheduler) return this.problem === undefined ? 'connecting' : 'failed';
    if (this.problem !== undefined && this.source?.arrived === 0) return 'failed';
    if (this.scheduler.state === 'ended') return 'ended';
    if (!this.wanted) return 'paused';
    if (this.idleTicks >= patience) return 'blocked';
    return this.scheduler.state === 'sounding' ? 'playing' : 'buffering';
  }

  private announce(): void {
    const [source, scheduler] = [this.source, this.scheduler];
    const seconds = (frames: number) => frames / (source?.rate ?? 1);
    this.ports.onChange({
      phase: this.phase(),
      problem: this.problem,
      position: scheduler ? seconds(scheduler.position()) : this.timer ? this.startAt : 0,
      from: source ? seconds(source.begin) : 0,
      until: source ? seconds(source.arrived) : 0,
      duration: source?.expected === undefined ? undefined : seconds(source.expected),
      complete: this.complete,
      format: this.format,
    });
  }
}
