// From a score to sound. A score names its tempo, its chords (one per bar, repeated until the end) and its layers;
// every layer plays the chords in its own way from bar `from` on; `to: -2` lets it end two bars before the others.

import { master } from './mastering.mjs';
import { bass, bell, kick, newMix, noise, pad, pluck, randomFrom, sea } from './voices.mjs';

const shapes = {
  maj: [0, 4, 7, 12],
  min: [0, 3, 7, 12],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  add9: [0, 4, 7, 14],
  min9: [0, 3, 10, 14],
  sus: [0, 5, 7, 12],
  six: [0, 4, 7, 9],
};
const names = { C: 0, 'C#': 1, D: 2, Eb: 3, E: 4, F: 5, 'F#': 6, G: 7, Ab: 8, A: 9, Bb: 10, B: 11 };

/** "D min9" -> { root: 50, notes: [50, 53, 60, 64] } around the small octave. */
function chord(text) {
  const [name, shape] = text.split(' ');
  const root = 48 + (names[name] > 7 ? names[name] - 12 : names[name]);
  return { root, notes: shapes[shape].map((step) => root + step) };
}

const layers = {
  pad(mix, score, { bar, at, now }, { level, octave = 12 }) {
    if (bar % score.barsPerChord !== 0) return;
    const seconds = now.barSeconds * score.barsPerChord;
    for (const note of now.chord.notes) pad(mix, { at, note: note + octave, seconds, level, attack: Math.min(1.6, seconds / 2) });
  },

  /** The chord's notes one after another; `pattern` picks them, "-" rests. */
  strings(mix, score, { at, now, random }, { level, pattern, octave = 12, bright, spread = 0.5 }) {
    const steps = pattern.split(' ');
    const step = now.barSeconds / steps.length;
    steps.forEach((pick, n) => {
      if (pick === '-') return;
      const note = now.chord.notes[pick % 4] + octave + 12 * Math.floor(pick / 4);
      const when = at + n * step + random() * 0.012;
      pluck(mix, { at: when, note, level: level * (n === 0 ? 1.1 : 0.75 + random() * 0.3), pan: spread * (((n * 3) % 5) / 2 - 1), bright });
    });
  },

  /** A tune that walks along the scale, by the score's own dice. */
  tune(mix, score, { at, now, random, memory }, { level, voice = 'bell', rhythm, ratio = 2, bend = 1.1, octave = 24 }) {
    const steps = rhythm.split(' ');
    const step = now.barSeconds / steps.length;
    const scale = score.scale.map((degree) => 48 + names[score.key] + degree);
    memory.place ??= 2;
    steps.forEach((mark, n) => {
      if (mark === '-' || random() < 0.12) return;
      const chordTones = scale.map((note, i) => (now.chord.notes.some((tone) => (tone - note) % 12 === 0) ? i : -1)).filter((i) => i >= 0);
      memory.place = Math.max(0, Math.min(scale.length * 2 - 1, memory.place + Math.round(random() * 4 - 2)));
      let place = memory.place % scale.length;
      if (n === 0 && chordTones.length) place = chordTones.reduce((a, b) => (Math.abs(b - place) < Math.abs(a - place) ? b : a));
      const note = scale[place] + octave + 12 * Math.floor(memory.place / scale.length);
      const played = { at: at + n * step + random() * 0.01, note, level: level * (mark === 'x' ? 1 : 0.6), pan: random() * 0.9 - 0.45 };
      if (voice === 'pluck') pluck(mix, { ...played, seconds: 3 });
      else bell(mix, { ...played, ratio, bend, seconds: 3.4 });
    });
  },

  bass(mix, score, { at, now }, { level, rhythm }) {
    const steps = rhythm.split(' ');
    const step = now.barSeconds / steps.length;
    steps.forEach((mark, n) => {
      if (mark === '-') return;
      let held = 1;
      while (steps[n + held] === '-' && n + held < steps.length) held++;
      const note = now.chord.root - 12 + { r: 0, f: 7, o: 12 }[mark];
      bass(mix, { at: at + n * step, note, seconds: step * held * 0.94, level });
    });
  },

  /** Lines of marks per bar: x loud, o soft; `swing` delays every second step by so much of a step. */
  drums(mix, score, { at, now, random }, { level, kicks = '', brushes = '', hats = '', swing = 0 }) {
    const play = (line, hit) => {
      const marks = line.replaceAll(' ', '');
      const step = now.barSeconds / marks.length;
      [...marks].forEach((mark, n) => {
        if (mark === '-') return;
        hit(at + (n + (n % 2) * swing) * step + random() * 0.004, level * (mark === 'x' ? 1 : 0.5) * (0.9 + random() * 0.2));
      });
    };
    play(kicks, (when, loud) => kick(mix, { at: when, level: loud }));
    play(brushes, (when, loud) => noise(mix, { at: when, level: loud * 0.85, pan: 0.12, seconds: 0.24, low: 0.12, high: 0.6, room: 0.35 }));
    play(hats, (when, loud) => noise(mix, { at: when, level: loud * 0.4, pan: -0.3, seconds: 0.07, low: 0.6, high: 1 }));
  },
};

/** Interleaved stereo samples of a score. */
export function render(score, rate) {
  const full = { barsPerChord: 1, beats: 4, echo: 0.75, room: 2.4, tail: 3.5, scale: [0, 2, 4, 7, 9], ...score };
  const barSeconds = (60 / full.bpm) * full.beats;
  const mix = newMix(rate, full.bars * barSeconds + full.tail);
  const chords = full.chords.map(chord);
  full.layers.forEach(([name, options], index) => {
    const random = randomFrom(full.seed * 100 + index);
    const memory = {};
    for (let bar = options.from ?? 0; bar < full.bars + (options.to ?? 0); bar++) {
      const now = { chord: chords[Math.floor(bar / full.barsPerChord) % chords.length], barSeconds };
      layers[name](mix, full, { bar, at: bar * barSeconds, now, random, memory }, options);
    }
  });
  if (full.sea) sea(mix, { level: full.sea });
  return master(mix, { echo: full.echo * (60 / full.bpm), room: full.room, fadeOut: full.tail });
}
