// The instruments. Each adds one note to a mix: { rate, frames, dry, room, echo }, the last three being pairs of
// Float32Array [left, right]: what is heard as it is, what the reverb gets, what the echo gets.

const tableSize = 4096;

function table(harmonics) {
  const wave = new Float32Array(tableSize + 1);
  for (let i = 0; i <= tableSize; i++) {
    harmonics.forEach((level, n) => (wave[i] += level * Math.sin((2 * Math.PI * (n + 1) * i) / tableSize)));
  }
  return wave;
}

const sine = table([1]);
const warm = table([1, 0.42, 0.2, 0.11, 0.06, 0.035, 0.02]);
const round = table([1, 0.35, 0.08]);

/** Numbers in [0, 1) that follow from the seed (mulberry32): the same library on every machine. */
export function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function newMix(rate, seconds) {
  const frames = Math.round(rate * seconds);
  const pair = () => [new Float32Array(frames), new Float32Array(frames)];
  return { rate, frames, dry: pair(), room: pair(), echo: pair() };
}

export function hertz(note) {
  return 440 * 2 ** ((note - 69) / 12);
}

/** A note's first frame and how many of its frames lie within the mix. */
function span(mix, at, seconds) {
  const first = Math.round(at * mix.rate);
  return [first, Math.min(Math.round(seconds * mix.rate), mix.frames - first)];
}

function sides(pan) {
  return [Math.cos(((pan + 1) * Math.PI) / 4), Math.sin(((pan + 1) * Math.PI) / 4)];
}

/** A slow chord tone: two detuned waves, one to each side. Phases are 32-bit turns: this is most of the work. */
export function pad(mix, { at, note, seconds, level = 1, room = 0.6, attack = 1.4, release = 2.2 }) {
  const turn = (frequency) => Math.round((frequency / mix.rate) * 2 ** 32);
  const [turnL, turnR, breathTurn] = [hertz(note) * 0.9978, hertz(note) * 1.0022, 0.11 + (note % 5) * 0.023].map(turn);
  const [attackFrames, releaseFrames] = [attack * mix.rate, release * mix.rate];
  const last = (seconds + release) * mix.rate;
  const [[dryL, dryR], [roomL, roomR]] = [mix.dry, mix.room];
  const [first, count] = span(mix, at, seconds + release);
  let phaseL = (note * 977) << 20;
  let phaseR = (note * 1733) << 20;
  let breath = 0;
  for (let n = 0, frame = first; n < count; n++, frame++) {
    const edge = n < attackFrames ? n / attackFrames : last - n < releaseFrames ? (last - n) / releaseFrames : 1;
    const loud = 0.11 * level * edge * edge * (0.82 + 0.18 * sine[breath >>> 20]);
    breath = (breath + breathTurn) | 0;
    phaseL = (phaseL + turnL) | 0;
    phaseR = (phaseR + turnR) | 0;
    const left = warm[phaseL >>> 20] * loud;
    const right = warm[phaseR >>> 20] * loud;
    dryL[frame] += left * 0.8 + right * 0.2;
    dryR[frame] += right * 0.8 + left * 0.2;
    roomL[frame] += left * room;
    roomR[frame] += right * room;
  }
}

/** A string, after Karplus and Strong: a burst of noise that runs around a delay line and loses its edge. */
export function pluck(mix, { at, note, level = 1, pan = 0, seconds = 2.6, bright = 0.55, room = 0.28, echo = 0.3 }) {
  const period = mix.rate / hertz(note) - 0.5;
  const length = Math.floor(period);
  const fraction = period - length;
  const line = new Float32Array(length + 1);
  const random = randomFrom(note * 7919 + Math.round(at * 1000));
  let smooth = 0;
  for (let i = 0; i <= length; i++) line[i] = smooth += bright * (random() * 2 - 1 - smooth);
  const mean = line.reduce((sum, x) => sum + x, 0) / line.length;
  for (let i = 0; i <= length; i++) line[i] -= mean;
  const loss = 0.001 ** (1 / (hertz(note) * seconds * 1.15));
  const [left, right] = sides(pan);
  const fadeFrom = (seconds - 0.25) * mix.rate;
  let [index, before] = [0, 0];
  const [first, count] = span(mix, at, seconds);
  for (let n = 0; n < count; n++) {
    const next = index + 1 > length ? 0 : index + 1;
    const out = line[index] * (1 - fraction) + line[next] * fraction;
    line[index] = loss * 0.5 * (out + before);
    before = out;
    index = next;
    const fade = n > fadeFrom ? 1 - (n - fadeFrom) / (0.25 * mix.rate) : 1;
    place(mix, first + n, out * level * 0.75 * fade, left, right, room, echo);
  }
}

function place(mix, frame, value, left, right, room, echo) {
  mix.dry[0][frame] += value * left;
  mix.dry[1][frame] += value * right;
  mix.room[0][frame] += value * left * room;
  mix.room[1][frame] += value * right * room;
  mix.echo[0][frame] += value * left * echo;
  mix.echo[1][frame] += value * right * echo;
}

/** A soft bell or electric piano: one wave bends another, less and less. */
export function bell(mix, { at, note, level = 1, pan = 0, seconds = 3, ratio = 2, bend = 1.1, room = 0.5, echo = 0.35 }) {
  const turn = (hertz(note) * tableSize) / mix.rate;
  const [left, right] = sides(pan);
  const decay = Math.exp(-5.2 / (seconds * mix.rate));
  const bendDecay = Math.exp(-11 / (seconds * mix.rate));
  let [phase, other, loud, depth] = [0, 0, 0.3 * level, (bend * tableSize) / (2 * Math.PI)];
  const [first, count] = span(mix, at, seconds);
  for (let n = 0; n < count; n++) {
    if ((other += turn * ratio) >= tableSize) other -= tableSize;
    if ((phase += turn) >= tableSize) phase -= tableSize;
    const bent = (phase + depth * sine[other | 0]) & (tableSize - 1);
    place(mix, first + n, sine[bent] * loud * Math.min(1, n / (0.004 * mix.rate)), left, right, room, echo);
    loud *= decay;
    depth *= bendDecay;
  }
}

export function bass(mix, { at, note, seconds, level = 1 }) {
  const turn = (hertz(note) * tableSize) / mix.rate;
  const [attack, release] = [0.012 * mix.rate, 0.09 * mix.rate];
  const last = seconds * mix.rate;
  let phase = 0;
  const [first, count] = span(mix, at, seconds);
  for (let n = 0; n < count; n++) {
    phase += turn;
    if (phase >= tableSize) phase -= tableSize;
    const body = 0.55 + 0.45 * Math.exp((-3.5 * n) / mix.rate);
    const value = 0.34 * level * round[phase | 0] * body * Math.min(1, n / attack, (last - n) / release);
    mix.dry[0][first + n] += value;
    mix.dry[1][first + n] += value;
  }
}

export function kick(mix, { at, level = 1 }) {
  let phase = 0;
  const [first, count] = span(mix, at, 0.32);
  for (let n = 0; n < count; n++) {
    const t = n / mix.rate;
    phase += (2 * Math.PI * (46 + 95 * Math.exp(-t * 32))) / mix.rate;
    const value = 0.6 * level * Math.sin(phase) * Math.exp(-t * 11) * Math.min(1, t / 0.002, (0.32 - t) / 0.03);
    mix.dry[0][first + n] += value;
    mix.dry[1][first + n] += value;
  }
}

/** Noise between two edges (0 to 1, of a one-pole filter): hat, brush, shaker. */
export function noise(mix, { at, level = 1, pan = 0, seconds, low, high, attack = 0.002, room = 0.15 }) {
  const random = randomFrom(Math.round(at * 8000) + 17);
  const [left, right] = sides(pan);
  const decay = 5.5 / seconds;
  let [above, below] = [0, 0];
  const [first, count] = span(mix, at, seconds);
  for (let n = 0; n < count; n++) {
    const t = n / mix.rate;
    above += high * (random() * 2 - 1 - above);
    below += low * (above - below);
    const value = 0.4 * level * (above - below) * Math.exp(-t * decay) * Math.min(1, t / attack);
    place(mix, first + n, value, left, right, room, 0);
  }
}

/** Waves on a shore: wide noise that comes and goes every `period` seconds. */
export function sea(mix, { level = 1, period = 9 }) {
  [0, 1].forEach((side) => {
    const random = randomFrom(side + 5);
    let [a, b] = [0, 0];
    const [first, count] = span(mix, 0, mix.frames / mix.rate);
    for (let n = 0; n < count; n++) {
      const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (period * mix.rate) + side * 0.7);
      a += (0.03 + 0.1 * swell) * (random() * 2 - 1 - a);
      b += 0.004 * (a - b);
      mix.dry[side][first + n] += 0.5 * level * (a - b) * (0.12 + swell * swell);
    }
  });
}
