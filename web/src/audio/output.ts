// Where the walk's sound goes: one AudioContext, in it a lane for each run of pieces. Web Audio plays a buffer from an
// exact frame of its clock, however busy the page is; that works on plain http, where worklets do not exist.

import { lengthOf, type Sound } from '../wsaudio/source';
import type { Reading } from './device_clock';

/** Pieces that follow each other, and end together. */
export interface Lane {
  /** Its first sample is heard at frame `at`. */
  play(sound: Sound, at: number): void;
  /** From `level` to silence within `frames` from frame `at` on. A later call counts, unless it would come behind the end. */
  fadeOut(at: number, frames: number, level?: number): void;
  /** Silent at once. */
  cut(): void;
}

export interface Output {
  readonly rate: number;
  /** The frame that is rendered next. */
  now(): number;
  readonly running: boolean;
  reading(now: number): Reading;
  openLane(): Lane;
  setGain(gain: number): void;
  resume(): void;
  decode(bytes: Uint8Array): Promise<Sound>;
  close(): void;
}

class WebLane implements Lane {
  private readonly gain: GainNode;
  private readonly nodes = new Set<AudioBufferSourceNode>();
  /** Seconds; the level is that at its beginning. */
  private fade: { readonly begin: number; readonly end: number; readonly level: number } | undefined;

  constructor(
    private readonly context: AudioContext,
    private readonly rate: number,
    target: AudioNode,
  ) {
    this.gain = context.createGain();
    this.gain.connect(target);
  }

  play(sound: Sound, at: number): void {
    const start = at / this.rate;
    if (this.fade && start >= this.fade.end) return;
    const buffer = this.context.createBuffer(sound.length, lengthOf(sound), this.rate);
    sound.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    const node = this.context.createBufferSource();
    node.buffer = buffer;
    node.connect(this.gain);
    node.onended = () => {
      node.disconnect();
      this.nodes.delete(node);
    };
    this.nodes.add(node);
    node.start(start);
    if (this.fade) node.stop(this.fade.end);
  }

  fadeOut(at: number, frames: number, level = 1): void {
    const begin = Math.max(at / this.rate, this.context.currentTime);
    if (this.fade && begin >= this.fade.end) return;
    const from = level * this.levelAt(begin);
    const end = begin + frames / this.rate;
    this.fade = { begin, end, level: from };
    this.gain.gain.cancelScheduledValues(0);
    this.gain.gain.setValueAtTime(from, begin);
    this.gain.gain.linearRampToValueAtTime(0, end);
    for (const node of this.nodes) node.stop(end);
  }

  cut(): void {
    this.gain.disconnect();
    for (const node of this.nodes) node.stop();
    this.nodes.clear();
  }

  /** Of the fade so far. */
  private levelAt(time: number): number {
    if (!this.fade || time <= this.fade.begin) return 1;
    const { begin, end, level } = this.fade;
    return (level * (end - time)) / (end - begin);
  }
}

const glide = 0.02;

export class WalkOutput implements Output {
  private readonly volume: GainNode;

  /** Made in a tap, so that it may sound. `onState` is told of every change of the context. */
  constructor(
    private readonly context: AudioContext,
    readonly rate: number,
    onState: () => void,
  ) {
    this.volume = context.createGain();
    this.volume.connect(context.destination);
    context.onstatechange = onState;
  }

  now(): number {
    return Math.round(this.context.currentTime * this.rate);
  }

  get running(): boolean {
    return this.context.state === 'running';
  }

  reading(now: number): Reading {
    const { currentTime, baseLatency, outputLatency } = this.context as Partial<AudioContext> & AudioContext;
    const stamp = this.context.getOutputTimestamp?.();
    const { contextTime, performanceTime } = stamp ?? {};
    const stamped = contextTime !== undefined && performanceTime !== undefined;
    return { now, currentTime, baseLatency, outputLatency, stamp: stamped ? { contextTime, performanceTime } : undefined };
  }

  openLane(): Lane {
    return new WebLane(this.context, this.rate, this.volume);
  }

  setGain(gain: number): void {
    this.volume.gain.setTargetAtTime(gain, this.context.currentTime, glide);
  }

  resume(): void {
    this.context.resume().catch(() => {});
  }

  async decode(bytes: Uint8Array): Promise<Sound> {
    // At the sound's own rate, whatever the device's is: so what is decoded can be counted.
    const decoder = this.context.sampleRate === this.rate ? this.context : new OfflineAudioContext(2, 1, this.rate);
    const buffer = await decoder.decodeAudioData(bytes.slice().buffer as ArrayBuffer);
    return Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  }

  close(): void {
    this.context.onstatechange = null;
    this.context.close().catch(() => {});
  }
}

/** From a tap. */
export function openWalkOutput(rate: number, onState: () => void): WalkOutput {
  let context: AudioContext;
  try {
    context = new AudioContext({ sampleRate: rate, latencyHint: 'balanced' });
  } catch {
    context = new AudioContext({ latencyHint: 'balanced' });
  }
  return new WalkOutput(context, rate, onState);
}
