// From a mix to a finished stereo signal: echo, room, fades, loudness.

/** Echoes that jump from side to side, duller each time; they sound in the room as well. */
function addEcho(mix, seconds) {
  const delay = Math.round(seconds * mix.rate);
  const lines = [new Float32Array(delay), new Float32Array(delay)];
  let [at, dullL, dullR] = [0, 0, 0];
  for (let i = 0; i < mix.frames; i++) {
    const [left, right] = [lines[0][at], lines[1][at]];
    dullL += 0.45 * (right - dullL);
    dullR += 0.45 * (left - dullR);
    lines[0][at] = mix.echo[0][i] + dullL * 0.46;
    lines[1][at] = mix.echo[1][i] * 0.3 + dullR * 0.46;
    at = at + 1 === delay ? 0 : at + 1;
    mix.dry[0][i] += left;
    mix.dry[1][i] += right;
    mix.room[0][i] += left * 0.25;
    mix.room[1][i] += right * 0.25;
  }
}

/** A feedback delay network of four lines, mixed by a Hadamard matrix; `seconds` until it has faded by 60 dB. */
function addRoom(mix, seconds) {
  const lengths = [0.0431, 0.0538, 0.0596, 0.0634].map((s) => Math.round(s * mix.rate));
  const [lineA, lineB, lineC, lineD] = lengths.map((length) => new Float32Array(length));
  const [gainA, gainB, gainC, gainD] = lengths.map((length) => 0.5 * 0.001 ** (length / mix.rate / seconds));
  const [lengthA, lengthB, lengthC, lengthD] = lengths;
  const [[dryL, dryR], [roomL, roomR]] = [mix.dry, mix.room];
  let [atA, atB, atC, atD] = [0, 0, 0, 0];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < mix.frames; i++) {
    a += 0.5 * (lineA[atA] - a);
    b += 0.5 * (lineB[atB] - b);
    c += 0.5 * (lineC[atC] - c);
    d += 0.5 * (lineD[atD] - d);
    lineA[atA] = roomL[i] + gainA * (a + b + c + d);
    lineB[atB] = roomR[i] + gainB * (a - b + c - d);
    lineC[atC] = roomL[i] * 0.7 + gainC * (a + b - c - d);
    lineD[atD] = roomR[i] * 0.7 + gainD * (a - b - c + d);
    if (++atA === lengthA) atA = 0;
    if (++atB === lengthB) atB = 0;
    if (++atC === lengthC) atC = 0;
    if (++atD === lengthD) atD = 0;
    dryL[i] += 0.5 * (a + c);
    dryR[i] += 0.5 * (b + d);
  }
}

function fade(mix, inSeconds, outSeconds) {
  const [head, tail] = [inSeconds * mix.rate, outSeconds * mix.rate];
  for (const side of mix.dry) {
    for (let i = 0; i < head; i++) side[i] *= i / head;
    for (let i = 0; i < tail; i++) side[mix.frames - 1 - i] *= (i / tail) ** 1.5;
  }
}

/** Filters in place. */
function biquad(signal, [b0, b1, b2, a1, a2]) {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < signal.length; i++) {
    const x = signal[i];
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    signal[i] = y;
  }
  return signal;
}

/** The two filters of ITU-R BS.1770 at any sample rate (as libebur128 derives them). */
function earFilters(rate) {
  let k = Math.tan((Math.PI * 1681.974450955533) / rate);
  let q = 0.7071752369554196;
  const vh = 10 ** (3.999843853973347 / 20);
  const vb = vh ** 0.4996667741545416;
  let a0 = 1 + k / q + k * k;
  const shelf = [(vh + (vb * k) / q + k * k) / a0, (2 * (k * k - vh)) / a0, (vh - (vb * k) / q + k * k) / a0, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
  k = Math.tan((Math.PI * 38.13547087602444) / rate);
  q = 0.5003270373238773;
  a0 = 1 + k / q + k * k;
  return [shelf, [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0]];
}

/** Integrated loudness in LUFS: blocks of 400 ms, those too quiet left out (BS.1770-4). */
export function loudness(sides, rate) {
  const [shelf, highPass] = earFilters(rate);
  const heard = sides.map((side) => biquad(biquad(side.slice(), shelf), highPass));
  const hop = Math.round(rate / 10);
  const hops = [];
  for (let from = 0; from + hop <= heard[0].length; from += hop) {
    let sum = 0;
    for (const side of heard) for (let i = from; i < from + hop; i++) sum += side[i] * side[i];
    hops.push(sum / hop);
  }
  const blocks = hops.slice(3).map((_, n) => (hops[n] + hops[n + 1] + hops[n + 2] + hops[n + 3]) / 4);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const lufs = (power) => -0.691 + 10 * Math.log10(power);
  const audible = blocks.filter((power) => lufs(power) > -70);
  return lufs(mean(audible.filter((power) => lufs(power) > lufs(mean(audible)) - 10)));
}

/** Straight up to the knee, then bending towards the ceiling, which it never reaches. */
function soften(x, gain) {
  const [knee, ceiling] = [0.56, 0.83];
  const loud = Math.abs(x * gain);
  if (loud <= knee) return x * gain;
  return Math.sign(x) * (knee + (ceiling - knee) * Math.tanh((loud - knee) / (ceiling - knee)));
}

/** Interleaved stereo at `target` LUFS. */
export function master(mix, { echo, room, fadeOut, target = -16 }) {
  addEcho(mix, echo);
  addRoom(mix, room);
  fade(mix, 0.03, fadeOut);
  const gain = 10 ** ((target - loudness(mix.dry, mix.rate)) / 20);
  const out = new Float32Array(mix.frames * 2);
  for (let i = 0; i < mix.frames; i++) {
    out[2 * i] = soften(mix.dry[0][i], gain);
    out[2 * i + 1] = soften(mix.dry[1][i], gain);
  }
  return out;
}
