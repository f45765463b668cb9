// An hour of a phone's page in virtual time: its clock filter, its idea of the device and its voice, between the clocks and
// the network of a trace. `drift FILE SEED stamps|latency`; prints a line of JSON.
import { readFileSync } from 'node:fs';
import type { Material } from '../../web/src/audio/asset_source';
import { DeviceClock } from '../../web/src/audio/device_clock';
import type { Lane } from '../../web/src/audio/output';
import { Voice, type Aim } from '../../web/src/audio/voice';
import { ClockFilter } from '../../web/src/clock/clock_filter';
import { lengthOf, type Sound } from '../../web/src/wsaudio/source';
import { randomFrom } from '../../web/tests/audio/random';

const rate = 48_000;
const us = 1e6;
/** Seconds in which the clock gets known: told by themselves. */
const first = 20;
/** Between two looks of the page, seconds. */
const pumpEvery = 0.1;
const latency = 0.035;

const [path, seedText, witness] = process.argv.slice(2) as [string, string, 'stamps' | 'latency'];
const lines = readFileSync(path, 'utf-8').split('\n');

const random = randomFrom(Number(seedText) * 7919);

// Samples tell their number, as far as 32 bits can.
const wrap = 1 << 20;
const material: Material = {
  rate,
  length: 10 * 3600 * rate,
  ready: () => Infinity,
  read: (from, count) => {
    const samples = new Float32Array(count);
    for (let n = 0; n < count; n += 1) samples[n] = (from + n) % wrap;
    return [samples, samples];
  },
};

interface Piece {
  readonly at: number;
  readonly frames: number;
  readonly first: number;
}
const pieces: Piece[] = [];
let [lanes, firstLanes] = [0, 0];
const lane: Lane = {
  play: (sound: Sound, at) => pieces.push({ at, frames: lengthOf(sound), first: sound[0]![0]! }),
  fadeOut: () => {},
  cut: () => {},
};

// The device's crystal, and when its frames are heard by the page's clock.
const drift = (random() * 80 - 40) * 1e-6;
const swing = random() * 3e-6;
const period = 600 + random() * 3000;
let begin = 0;
const angle = (2 * Math.PI) / period;
const pageAt = (seconds: number): number => begin + (seconds * (1 + drift) + (swing / angle) * (1 - Math.cos(angle * seconds))) * us;

const filter = new ClockFilter();
const device = new DeviceClock();
const aim: Aim = {
  serverAt: (frame) => filter.toServer(device.heardAt(frame / rate)),
  frameAt: (time) => device.contextAt(filter.toClient(time)) * rate,
};
let voice: Voice | undefined;
let start = 0;
const errors: number[] = [];
let mostAtFirst = 0;
let looked = 0;
let mostRate = 0;
let steps = 0;
let due: Piece | undefined;

/** The pieces whose begin is heard within a stretch of time whose truth is a line. */
function look(client0: number, server0: number, client1: number, server1: number): void {
  for (; looked < pieces.length; looked += 1) {
    const piece = pieces[looked]!;
    const heard = pageAt(piece.at / rate) + latency * us;
    if (heard >= client1) return;
    const server = server0 + ((heard - client0) * (server1 - server0)) / (client1 - client0);
    const should = ((server - start) * rate) / us;
    const off = piece.first - (((should % wrap) + wrap) % wrap);
    const samples = off > wrap / 2 ? off - wrap : off < -wrap / 2 ? off + wrap : off;
    const error = (samples / rate) * us;
    if (should > first * rate) errors.push(error);
    else [firstLanes, steps, mostAtFirst] = [lanes, 0, Math.max(mostAtFirst, Math.abs(error))];
    // It goes on where the last one ended, unless it was a step.
    if (due) {
      const taken = (piece.first - due.first + wrap) % wrap;
      if (piece.at !== due.at + due.frames || Math.abs(taken - due.frames) > due.frames * 0.01) steps += 1;
      else if (should > first * rate) mostRate = Math.max(mostRate, Math.abs(taken / due.frames - 1));
    }
    due = piece;
  }
}

let [lastClient, lastServer, pumped] = [0, 0, 0];
for (const line of lines) {
  const [kind, ...numbers] = line.split(' ');
  const values = numbers.map(Number);
  if (kind === 'x') {
    const [sent, received, answered, arrived] = values as [number, number, number, number];
    filter.add({ sent, received, answered, arrived });
    continue;
  }
  if (kind !== 't') continue;
  const [client, server] = values as [number, number];
  if (lastClient === 0) begin = client;
  else look(lastClient, lastServer, client, server);
  [lastClient, lastServer] = [client, server];
  const context = ((client - begin) / us) * (1 - drift);
  if (context < pumped + pumpEvery) continue;
  pumped = context;
  // What a browser says: its time moves in steps of 128 frames, its stamps are some tenths of a millisecond off.
  const frame = Math.floor((context * rate) / 128) * 128;
  const page = pageAt(frame / rate) + random() * 2000;
  const stamped = frame - Math.round(latency * rate);
  device.add({
    now: page,
    currentTime: frame / rate,
    stamp: witness === 'stamps' && stamped > 0 ? { contextTime: stamped / rate, performanceTime: (pageAt(stamped / rate) + latency * us + (random() - 0.5) * 400) / 1000 } : undefined,
    outputLatency: latency,
    baseLatency: 0.01,
  });
  if (!device.ready || !filter.ready) continue;
  if (!voice) {
    start = Math.round(filter.toServer(client) + us);
    const cue = { id: 1, name: null, asset: 'x', a: 0, b: 10 * 3600 * 1000, volume: 100, loop: false, start, stop: null };
    const span = { cue, from: start, to: Infinity, fade: 0 };
    voice = new Voice(span, { material, first: 0, length: material.length, loop: false }, rate, 1, {
      openLane: () => {
        lanes += 1;
        return lane;
      },
      onStarted: () => {},
    });
  }
  voice.pump(frame, aim);
}

const sorted = errors.map(Math.abs).sort((a, b) => a - b);
const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? -1;
console.log(JSON.stringify({ seed: Number(seedText), seconds: sorted.length / 2, at_first: mostAtFirst, p50: at(0.5), p99: at(0.99), max: at(1), most_rate: mostRate, starts: lanes - firstLanes, jumps: steps }));
