// Plays the walk's cues by the server's time. No page in it: it is told what is to be heard when (spans) and what time it
// is there, and called a few times a second.

import { lengthOfPart, type Span } from '../walk/cues';
import type { AssetShape } from './asset_source';
import { AssetSource, type Material } from './asset_source';
import { DeviceClock } from './device_clock';
import type { Output } from './output';
import type { Passage } from './pieces';
import { Ticks, ticksName } from './ticks';
import { Voice, type Aim, type Started } from './voice';

/** The server's clock, disciplined. µs of the page's clock and of the server's. */
export interface ServerTime {
  toServer(client: number): number;
  toClient(server: number): number;
}

export interface EnginePorts {
  /** µs. */
  now(): number;
  openOutput(rate: number, onState: () => void): Output;
  /** Undefined: unknown, or not prepared by the server yet. */
  asset(id: string): { shape: AssetShape; readBytes(from: number, to: number): Promise<Uint8Array> | undefined } | undefined;
  onStarted(started: Started): void;
  onProblem(reason: string): void;
  /** The output began or ceased to run. */
  onRunning(running: boolean): void;
}

const usualRate = 48_000;

export class Engine {
  /** Added to what the browser says of its output's latency, in µs: what an ear has found. */
  correction = 0;
  private output: Output | undefined;
  private readonly clock = new DeviceClock();
  private voices: Voice[] = [];
  private spans: readonly Span[] = [];
  private wasRunning = false;
  private gain = 1;

  constructor(private readonly ports: EnginePorts) {}

  /** From a tap: browsers let nothing sound before. */
  unlock(): void {
    if (this.output) return this.output.resume();
    this.output = this.ports.openOutput(usualRate, () => this.look());
    this.output.setGain(this.gain);
    this.output.resume();
    this.look();
  }

  get unlocked(): boolean {
    return this.output !== undefined;
  }

  get running(): boolean {
    return this.output?.running ?? false;
  }

  /** µs from the context to the ear, with the correction. */
  get latency(): number {
    return this.clock.latency + this.correction;
  }

  get sounding(): boolean {
    return this.voices.some((voice) => voice.sounding);
  }

  /** 0 to 1. */
  setGain(gain: number): void {
    this.gain = gain;
    this.output?.setGain(gain);
  }

  /** The page is seen again, or was tapped: an output that was taken away may be had back. */
  wake(): void {
    if (this.output && !this.output.running) this.output.resume();
  }

  /** What is to be heard from now on; the same cue again may end at another time. */
  play(spans: readonly Span[]): void {
    this.spans = spans;
  }

  pump(time: ServerTime | undefined): void {
    this.look();
    const output = this.output;
    if (!output || !output.running) return;
    this.clock.add(output.reading(this.ports.now()));
    if (!this.clock.ready || !time) return;
    const aim = this.aimWith(time, output.rate);
    const now = output.now();
    this.cast(now, aim);
    for (const voice of this.voices) voice.pump(now, aim);
  }

  close(): void {
    for (const voice of this.voices) voice.cut();
    this.voices = [];
    this.output?.close();
    this.output = undefined;
  }

  private aimWith(time: ServerTime, rate: number): Aim {
    const { clock, correction } = this;
    return {
      serverAt: (frame) => time.toServer(clock.heardAt(frame / rate) + correction),
      frameAt: (server) => clock.contextAt(time.toClient(server) - correction) * rate,
    };
  }

  /** What an output that stood still holds would come too late: it is dropped, and each cue enters where it should be. */
  private look(): void {
    const running = this.running;
    if (running === this.wasRunning) return;
    this.wasRunning = running;
    for (const voice of this.voices) voice.cut();
    this.clock.reset();
    this.ports.onRunning(running);
  }

  /** A voice for each span. */
  private cast(now: number, aim: Aim): void {
    const time = aim.serverAt(now);
    const wanted = this.spans.filter(({ to }) => to > time);
    for (const voice of this.voices) {
      const span = wanted.find(({ cue }) => cue.id === voice.id);
      if (span) voice.change(span, now);
      else voice.stop(now);
    }
    this.voices = this.voices.filter((voice) => wanted.some(({ cue }) => cue.id === voice.id));
    for (const span of wanted) {
      if (!this.voices.some((voice) => voice.id === span.cue.id)) this.begin(span);
    }
  }

  private begin(span: Span): void {
    const { output } = this;
    const material = this.materialOf(span);
    if (!output || !material) return;
    const passage = passageOf(span, material);
    if (passage.length <= 0) return;
    const gain = (span.cue.volume / 100) ** 2;
    this.voices.push(
      new Voice(span, passage, output.rate, gain, {
        openLane: () => output.openLane(),
        onStarted: (started) => this.ports.onStarted(started),
      }),
    );
  }

  private materialOf({ cue }: Span): Material | undefined {
    if (cue.asset === ticksName) return new Ticks(usualRate);
    const asset = this.ports.asset(cue.asset);
    const output = this.output;
    if (!asset || !output || asset.shape.rate !== output.rate) return undefined;
    return new AssetSource(asset.shape, {
      readBytes: asset.readBytes,
      decode: (bytes) => output.decode(bytes),
      onMore: () => {},
      onFailure: (reason) => this.ports.onProblem(reason),
    });
  }
}

export function passageOf({ cue }: Span, material: Material): Passage {
  const first = Math.round((cue.a * material.rate) / 1000);
  const length = Math.round((lengthOfPart(cue) * material.rate) / 1e6);
  return { material, first, length, loop: cue.loop };
}
