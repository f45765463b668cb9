// Where sound goes. Web Audio plays a buffer from an exact frame of its clock; pieces whose frames follow each other are
// heard as one. The context has the rate of the stream, so that the browser resamples the mix and never a piece.

import type { Sound } from './source';
import { lengthOf } from './source';

export interface Output {
  /** Frames per second. */
  readonly rate: number;
  /** The frame that is heard now, counted by the output's own clock. */
  now(): number;
  /** Hands a piece over; its first frame is heard at `at`. */
  play(sound: Sound, at: number): void;
  /** Takes back all that was handed over; what sounds fades out within some milliseconds. */
  silence(): void;
}

/** An output that belongs to one stream. */
export interface OpenOutput extends Output {
  /** False while the browser waits for a tap before it lets sound out, and while suspended. */
  readonly running: boolean;
  resume(): void;
  suspend(): void;
  close(): void;
  setGain(gain: number): void;
  /** A piece of a file to sound at this output's rate. */
  decode(bytes: Uint8Array): Promise<Sound>;
}

/** `rate` undefined: the device's own. Throws where the browser has no such rate. */
export type OpenAnOutput = (rate: number | undefined) => OpenOutput;

const fadeSeconds = 0.006;

export class WebAudioOutput implements OpenOutput {
  private readonly volume: GainNode;
  private run: GainNode;
  private readonly sounding = new Set<AudioBufferSourceNode>();

  constructor(private readonly context: AudioContext) {
    this.volume = context.createGain();
    this.volume.connect(context.destination);
    this.run = this.newRun();
  }

  get rate(): number {
    return this.context.sampleRate;
  }

  now(): number {
    return Math.round(this.context.currentTime * this.rate);
  }

  play(sound: Sound, at: number): void {
    const buffer = this.context.createBuffer(sound.length, lengthOf(sound), this.rate);
    sound.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    const node = this.context.createBufferSource();
    node.buffer = buffer;
    node.connect(this.run);
    node.onended = () => {
      node.disconnect();
      this.sounding.delete(node);
    };
    this.sounding.add(node);
    node.start(at / this.rate);
  }

  silence(): void {
    if (this.sounding.size === 0) return;
    const [now, run] = [this.context.currentTime, this.run];
    run.gain.setValueAtTime(1, now);
    run.gain.linearRampToValueAtTime(0, now + fadeSeconds);
    for (const node of this.sounding) node.stop(now + fadeSeconds);
    this.sounding.clear();
    this.run = this.newRun();
  }

  /** 0 to 1. */
  setGain(gain: number): void {
    this.volume.gain.setTargetAtTime(gain, this.context.currentTime, fadeSeconds);
  }

  get running(): boolean {
    return this.context.state === 'running';
  }

  resume(): void {
    this.context.resume().catch(() => {});
  }

  suspend(): void {
    this.context.suspend().catch(() => {});
  }

  close(): void {
    this.context.close().catch(() => {});
  }

  async decode(bytes: Uint8Array): Promise<Sound> {
    // A copy, as decodeAudioData takes the memory away from its owner.
    const buffer = await this.context.decodeAudioData(bytes.slice().buffer as ArrayBuffer);
    return Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  }

  private newRun(): GainNode {
    const run = this.context.createGain();
    run.connect(this.volume);
    return run;
  }
}

export const openWebAudio: OpenAnOutput = (rate) => {
  try {
    return new WebAudioOutput(new AudioContext(rate === undefined ? {} : { sampleRate: rate }));
  } catch {
    throw new Error(`This browser cannot play sound of ${rate} Hz.`);
  }
};
