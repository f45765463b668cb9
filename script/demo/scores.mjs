// The demo library: three stations and what they play. Folder and file names are free, as everywhere in Tutti.

const minor = [0, 3, 5, 7, 10];

export const stations = [
  {
    folder: 'main',
    album: 'One Moment',
    year: 2024,
    cover: { style: 'rings', hue: 265 },
    tracks: [
      {
        file: '01 Every Ear at Once.mp3', title: 'Every Ear at Once', rate: 44100,
        score: {
          seed: 11, bpm: 92, bars: 10, key: 'C', chords: ['C add9', 'A min7', 'F maj7', 'G sus'],
          layers: [
            ['pad', { level: 0.7 }],
            ['strings', { level: 0.55, pattern: '0 2 4 3 5 3 4 2', to: -1 }],
            ['bass', { level: 0.75, rhythm: 'r - - - f - r -', from: 2, to: -1 }],
            ['tune', { level: 0.5, rhythm: 'x - - o - o - -', from: 4, to: -1 }],
            ['drums', { level: 0.4, hats: '- - o - - - o o', brushes: '- - - - o - - -', from: 4, to: -1 }],
          ],
        },
      },
      {
        file: '02 Lantern Street.flac', title: 'Lantern Street', rate: 48000,
        score: {
          seed: 12, bpm: 118, beats: 3, bars: 17, key: 'G', chords: ['G maj7', 'E min7', 'C maj7', 'D six', 'B min7', 'E min9', 'A min7', 'D sus'],
          layers: [
            ['strings', { level: 0.6, pattern: '0 2 3 4 3 2', to: -1 }],
            ['pad', { level: 0.45, from: 4 }],
            ['bass', { level: 0.8, rhythm: 'r - f', from: 4, to: -1 }],
            ['tune', { level: 0.6, voice: 'pluck', rhythm: 'x - o - o -', from: 8, to: -1 }],
          ],
        },
      },
      {
        file: '03 Тихий двор.ogg', title: 'Тихий двор', rate: 44100,
        score: {
          seed: 13, bpm: 76, bars: 8, key: 'D', scale: minor, chords: ['D min9', 'Bb maj7', 'F add9', 'C sus'], room: 3.2,
          layers: [
            ['pad', { level: 0.7 }],
            ['strings', { level: 0.6, pattern: '0 - 2 4 - 3 5 -', bright: 0.4 }],
            ['tune', { level: 0.5, rhythm: 'x - - - o - o -', ratio: 3, bend: 0.7, from: 2, to: -1 }],
            ['bass', { level: 0.7, rhythm: 'r - - -', from: 2 }],
          ],
        },
      },
      {
        file: '04 Paper Boats ⛵.m4a', title: 'Paper Boats ⛵', rate: 44100,
        score: {
          seed: 14, bpm: 104, bars: 12, key: 'F', chords: ['F add9', 'C maj', 'Bb maj7', 'C sus', 'D min7', 'Bb maj7', 'F maj7', 'C sus'],
          layers: [
            ['strings', { level: 0.45, pattern: '0 4 2 5 3 5 2 4', octave: 24, bright: 0.7 }],
            ['pad', { level: 0.6, from: 2 }],
            ['tune', { level: 0.6, rhythm: 'x - o - - o x -', ratio: 4, bend: 0.5, octave: 24, from: 4, to: -1 }],
            ['bass', { level: 0.75, rhythm: 'r - - r - f - -', from: 4, to: -1 }],
            ['drums', { level: 0.35, kicks: 'x - - - - - - -', hats: '- o - o - o - o', from: 6, to: -1 }],
          ],
        },
      },
    ],
  },
  {
    folder: 'calm',
    album: 'Slow Weather',
    year: 2023,
    cover: { style: 'dunes', hue: 190 },
    tracks: [
      {
        file: '01 Slow Tide.opus', title: 'Slow Tide', rate: 48000,
        score: {
          seed: 21, bpm: 60, bars: 9, key: 'A', chords: ['A maj7', 'F# min9', 'D maj7', 'E sus'], barsPerChord: 2, room: 4.5, tail: 5, sea: 0.5,
          layers: [
            ['pad', { level: 1 }],
            ['tune', { level: 0.45, rhythm: 'x - - - - o - -', bend: 0.6, from: 2, to: -1 }],
          ],
        },
      },
      {
        file: '02 Moss.flac', title: 'Moss', rate: 44100,
        score: {
          seed: 22, bpm: 66, bars: 8, key: 'E', scale: minor, chords: ['E min9', 'C maj7', 'G add9', 'D sus'], room: 4, tail: 5,
          layers: [
            ['pad', { level: 0.9 }],
            ['strings', { level: 0.45, pattern: '0 - - 4 - - 3 -', bright: 0.3, from: 1 }],
            ['bass', { level: 0.5, rhythm: 'r - - -', from: 3 }],
          ],
        },
      },
      {
        file: '03 Northern Window.mp3', title: 'Northern Window', rate: 48000,
        score: {
          seed: 23, bpm: 58, bars: 7, key: 'Eb', chords: ['Eb maj7', 'C min9', 'Ab maj7', 'Bb sus'], room: 5, tail: 6,
          layers: [
            ['pad', { level: 0.8 }],
            ['tune', { level: 0.55, rhythm: 'x - o - - - o -', ratio: 3.5, bend: 0.5, }],
          ],
        },
      },
    ],
  },
  {
    folder: 'beats',
    album: 'Small Hours',
    year: 2025,
    cover: { style: 'discs', hue: 25 },
    tracks: [
      {
        file: '01 Last Tram.m4a', title: 'Last Tram', rate: 48000,
        score: {
          seed: 31, bpm: 82, bars: 10, key: 'C', scale: minor, chords: ['C min9', 'F min7', 'Ab maj7', 'G min7'], room: 1.6,
          layers: [
            ['pad', { level: 0.55 }],
            ['drums', { level: 0.8, kicks: 'x - - - - x - - - - x - - - - -', brushes: '- - x - - - x -', hats: 'o x o x o x o x', swing: 0.16, from: 1, to: -1 }],
            ['bass', { level: 0.9, rhythm: 'r - - r - - f -', from: 2, to: -1 }],
            ['tune', { level: 0.55, rhythm: 'x - o - - x - o', ratio: 1, bend: 1.4, octave: 12, from: 2 }],
          ],
        },
      },
      {
        file: '02 Copper.wav', title: 'Copper', rate: 44100,
        score: {
          seed: 32, bpm: 100, bars: 11, key: 'A', scale: minor, chords: ['A min7', 'A min7', 'D min9', 'E min7'], room: 1.4, tail: 3,
          layers: [
            ['strings', { level: 0.55, pattern: '0 - 4 2 - 3 - 4 0 - 5 - 3 2 4 -' }],
            ['drums', { level: 0.8, kicks: 'x - - x - - x -', brushes: '- - x - - - x -', hats: 'x o x o x o x o', swing: 0.1, from: 2, to: -1 }],
            ['bass', { level: 0.9, rhythm: 'r - r - - o - f', from: 2, to: -1 }],
            ['pad', { level: 0.4, from: 4 }],
          ],
        },
      },
      {
        file: '03 Rain on the Antenna.ogg', title: 'Rain on the Antenna', rate: 48000,
        score: {
          seed: 33, bpm: 74, bars: 8, key: 'D', chords: ['D maj7', 'B min9', 'G maj7', 'A six'], room: 2, sea: 0.2,
          layers: [
            ['pad', { level: 0.6 }],
            ['drums', { level: 0.7, kicks: 'x - - - - - x - x - - - - - - -', brushes: '- - x - - - x -', hats: 'o - o - o - o o', swing: 0.2, from: 1, to: -1 }],
            ['bass', { level: 0.85, rhythm: 'r - - - r - f -', from: 1, to: -1 }],
            ['tune', { level: 0.55, rhythm: 'x - - o - o x -', ratio: 2, bend: 0.9, octave: 12 }],
          ],
        },
      },
    ],
  },
];
