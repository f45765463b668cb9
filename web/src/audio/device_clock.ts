// When is heard what is played: the line from an AudioContext's time to the page's clock. What browsers say of it is
// used with suspicion: getOutputTimestamp is missing, stands still, wanders or is all zeros here and there, outputLatency is
// not known to Safari, and Bluetooth changes both without a word. Stamps that agree with each other are believed. Without
// them the line is that of what is rendered, which is steady, and only its distance from what is heard is what is said.
// Pure; the page's clock in µs, the context's in seconds.

import { RenderedLine } from './rendered_line';
import { SteadyStamps } from './steady_stamps';
import { ToldLatency } from './told_latency';

/** What a browser says at one moment. */
export interface Reading {
  readonly now: number;
  readonly currentTime: number;
  /** The moment (ms of the page's clock) at which a time of the context leaves the device. */
  readonly stamp: { readonly contextTime: number; readonly performanceTime: number } | undefined;
  /** Seconds. */
  readonly outputLatency: number | undefined;
  readonly baseLatency: number | undefined;
}

type Witness = 'stamp' | 'latency';

const us = 1e6;
/** Readings in a row. */
const convinced = 5;
const enough = 3;
const longestLatency = 1.5;
/** Where a browser tells nothing. */
const usualLatency = 0.02;

function plausible(latency: number | undefined): latency is number {
  return latency !== undefined && Number.isFinite(latency) && latency > 0 && latency < longestLatency;
}

export class DeviceClock {
  private readonly line = new RenderedLine();
  private readonly stamps = new SteadyStamps();
  private readonly told = new ToldLatency();
  private witness: Witness = 'latency';
  /** Readings in a row that would have another one. */
  private otherwise = 0;
  /** Page's clock minus context's, of what is heard, at lastTime. */
  private offset = 0;
  /** Of this witness. */
  private readings = 0;
  private lastTime = -1;
  private lastStamp = -1;

  /** The device is another one, or it has slept: nothing of the past holds. */
  reset(): void {
    this.line.reset();
    this.stamps.reset();
    this.told.reset();
    this.readings = 0;
    this.lastTime = -1;
    this.lastStamp = -1;
  }

  get ready(): boolean {
    return this.line.ready && this.readings >= enough;
  }

  add(reading: Reading): void {
    const { now, currentTime } = reading;
    if (currentTime < this.lastTime) this.reset();
    if (currentTime === this.lastTime) return; // it stands still
    this.lastTime = currentTime;
    this.line.add(currentTime, now);
    const stamped = this.stampOf(reading);
    this.chooseWitness(stamped === undefined ? 'latency' : 'stamp');
    const rendered = this.line.offsetAt(currentTime);
    if (this.witness === 'latency') this.told.add(currentTime, latencyOf(reading));
    else if (stamped !== undefined) {
      if (this.line.settled) this.told.add(currentTime, stamped - rendered);
      this.stamps.add(currentTime, stamped);
    }
    this.readings += 1;
    const reckoned = this.told.count ? rendered + this.told.value : this.offset;
    this.offset = this.stamps.offsetAt(currentTime, this.line.drift) ?? reckoned;
  }

  /** When a time of the context is heard, in µs of the page's clock. */
  heardAt(contextTime: number): number {
    return contextTime * us + this.offset + this.line.drift * (contextTime - this.lastTime) * us;
  }

  /** The other way round, in seconds. */
  contextAt(time: number): number {
    const { drift } = this.line;
    return (time - this.offset + drift * this.lastTime * us) / (us * (1 + drift));
  }

  /** µs from the context to the ear, as far as the browser knows. */
  get latency(): number {
    return this.readings ? this.offset - this.line.offsetAt(this.lastTime) : 0;
  }

  /** One that is there now and then is no witness. */
  private chooseWitness(candidate: Witness): void {
    this.otherwise = candidate === this.witness ? 0 : this.otherwise + 1;
    if (this.readings > 0 && this.otherwise < convinced) return;
    if (candidate !== this.witness) {
      this.told.reset();
      this.stamps.reset();
      this.readings = 0;
    }
    this.witness = candidate;
    this.otherwise = 0;
  }

  /** Page's clock minus context's, of what is heard; undefined where the stamp cannot be believed. */
  private stampOf({ now, currentTime, stamp }: Reading): number | undefined {
    if (!stamp || !(stamp.contextTime > 0) || !(stamp.performanceTime > 0)) return undefined;
    const heard = stamp.performanceTime * 1000 - stamp.contextTime * us;
    const moves = stamp.contextTime !== this.lastStamp;
    this.lastStamp = stamp.contextTime;
    const latency = heard - (now - currentTime * us);
    const old = Math.abs(now - stamp.performanceTime * 1000) > us;
    // One that claims no latency at all only repeats currentTime.
    const believed = moves && !old && stamp.contextTime <= currentTime + 0.05 && latency > 1000 && latency < longestLatency * us;
    return believed ? heard : undefined;
  }
}

function latencyOf({ outputLatency, baseLatency }: Reading): number {
  return (plausible(outputLatency) ? outputLatency : usualLatency + (plausible(baseLatency) ? baseLatency : 0)) * us;
}
