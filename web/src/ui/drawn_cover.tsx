// A picture drawn from a text: the same text always gives the same picture, in the colours of its station.

import { randomFrom, seedOf } from '../radio/colour';

type Random = () => number;

export function DrawnCover({ text }: { text: string }) {
  const seed = seedOf(text);
  const random = randomFrom(seed);
  const turn = Math.round(random() * 80 - 40);
  const drawing = [rings, dunes, bars, petals][seed % 4] ?? rings;
  return (
    <svg class="drawn" viewBox="0 0 100 100" aria-hidden="true" style={{ '--turn': turn }}>
      <rect class="d0" width="100" height="100" />
      {drawing(random)}
    </svg>
  );
}

function pick(random: Random, from: number, to: number): number {
  return Math.round((from + random() * (to - from)) * 10) / 10;
}

/** Waves from one point: a listener somewhere in the room. */
function rings(random: Random) {
  const [x, y] = [pick(random, 10, 90), pick(random, 10, 90)];
  const step = pick(random, 11, 16);
  return [6, 5, 4, 3, 2, 1].map((n) => <circle key={n} class={`d${(n % 4) + 1}`} cx={x} cy={y} r={n * step} />);
}

/** A low sun over hills. */
function dunes(random: Random) {
  const hill = (top: number) => {
    const [a, b, c] = [pick(random, -12, 12), pick(random, -12, 12), pick(random, -9, 9)];
    return `M0 ${top} C 25 ${top + a}, 45 ${top + b}, 62 ${top + c} S 90 ${top - a}, 100 ${top + b / 2} V100 H0Z`;
  };
  return (
    <>
      <circle class="d4" cx={pick(random, 25, 75)} cy={pick(random, 24, 44)} r={pick(random, 12, 20)} />
      <path class="d1" d={hill(48)} />
      <path class="d2" d={hill(64)} />
      <path class="d3" d={hill(81)} />
    </>
  );
}

/** A moment of sound, seen from the side. */
function bars(random: Random) {
  return Array.from({ length: 9 }, (_, n) => {
    const height = pick(random, 10, 74);
    return <rect key={n} class={`d${(n % 3) + 2}`} x={9.5 + n * 9.4} y={50 - height / 2} width="5.8" height={height} rx="2.9" />;
  });
}

/** Discs that overlap. */
function petals(random: Random) {
  const count = 5 + Math.floor(random() * 3);
  const start = pick(random, 0, 6);
  return (
    <>
      {Array.from({ length: count }, (_, n) => {
        const angle = start + (n / count) * 2 * Math.PI;
        return <circle key={n} class={`d${(n % 3) + 1} see-through`} cx={50 + 19 * Math.cos(angle)} cy={50 + 19 * Math.sin(angle)} r="22" />;
      })}
      <circle class="d4" cx="50" cy="50" r="8" />
    </>
  );
}
