// Draws a cover and writes it as PNG, with nothing but node:zlib.

import { deflateSync } from 'node:zlib';
import { randomFrom } from './voices.mjs';

const size = 500;

/** Hue in degrees, chroma and lightness 0 to 1, of OKLCH; gives linear sRGB, which mixes as light does. */
function colour(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((x) => Math.max(0, x));
}

function toByte(linear) {
  const x = Math.min(1, linear);
  return Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
}

const bytes = Uint8Array.from({ length: 4096 }, (_, n) => toByte(n / 4095));

/** Paints `shade` over `under`; `distance` to the shape's edge in pixels (negative inside) smooths it. */
function over(under, shade, distance, strength = 1) {
  const cover = strength * Math.min(1, Math.max(0, 0.5 - distance));
  for (let n = 0; n < 3; n++) under[n] += (shade[n] - under[n]) * cover;
}

/** Each style gives a painter of (pixel, x, y), x and y in 0 to 1. */
const styles = {
  rings(hue, random) {
    const [cx, cy, step] = [0.15 + random() * 0.7, 0.15 + random() * 0.7, 0.1 + random() * 0.04];
    const shades = [0.86, 0.74, 0.62, 0.5].map((light, n) => colour(light, 0.11, hue + 45 - n * 22));
    return (pixel, x, y) => {
      const distance = Math.hypot(x - cx, y - cy);
      for (let n = 8; n > 0; n--) over(pixel, shades[(n + 1) % 4], (distance - n * step) * size, 0.92 - n * 0.06);
    };
  },

  dunes(hue, random) {
    const [sunX, sunY, sunR] = [0.25 + random() * 0.5, 0.22 + random() * 0.16, 0.1 + random() * 0.06];
    const sun = colour(0.93, 0.06, hue - 110);
    const hills = [0.5, 0.62, 0.75, 0.88].map((top, n) => ({
      top,
      waves: [random() * 6, 2 + random() * 3, 0.03 + random() * 0.04, random() * 6],
      shade: colour(0.66 - n * 0.13, 0.09, hue + n * 14),
    }));
    return (pixel, x, y) => {
      const toSun = Math.hypot(x - sunX, y - sunY);
      over(pixel, sun, (toSun - sunR) * size);
      over(pixel, sun, -1, 0.35 * Math.exp(-((toSun / 0.22) ** 2)));
      for (const { top, waves, shade } of hills) {
        const edge = top + waves[2] * Math.sin(waves[0] + waves[1] * x * 2) + 0.015 * Math.sin(waves[3] + x * 9);
        over(pixel, shade, (edge - y) * size);
      }
    };
  },

  discs(hue, random) {
    const discs = Array.from({ length: 6 }, (_, n) => ({
      x: 0.5 + 0.24 * Math.cos(n * 1.047 + random() * 0.5),
      y: 0.5 + 0.24 * Math.sin(n * 1.047 + random() * 0.5),
      r: 0.13 + random() * 0.14,
      shade: colour(0.56 + (n % 3) * 0.13, 0.14, hue - 35 + n * 19),
    }));
    const middle = colour(0.96, 0.04, hue + 50);
    return (pixel, x, y) => {
      for (const disc of discs) over(pixel, disc.shade, (Math.hypot(x - disc.x, y - disc.y) - disc.r) * size, 0.78);
      over(pixel, middle, (Math.hypot(x - 0.5, y - 0.5) - 0.055) * size);
    };
  },
};

/** A cover as PNG; the same seed draws the same picture. */
export function drawCover({ style, hue }, seed) {
  const random = randomFrom(seed * 31 + 7);
  const tint = hue + random() * 50 - 25;
  const paint = styles[style](tint, random);
  const [top, bottom] = [colour(0.42, 0.1, tint - 25), colour(0.27, 0.08, tint + 15)];
  const rows = Buffer.alloc(size * (size * 3 + 1));
  const pixel = [0, 0, 0];
  for (let y = 0, at = 0; y < size; y++) {
    rows[at++] = 1;
    const before = [0, 0, 0];
    for (let x = 0; x < size; x++) {
      const down = (y + 0.35 * x) / (1.35 * size);
      for (let n = 0; n < 3; n++) pixel[n] = top[n] + (bottom[n] - top[n]) * down;
      paint(pixel, x / size, y / size);
      for (let n = 0; n < 3; n++) {
        const value = bytes[Math.min(4095, Math.round(pixel[n] * 4095))];
        rows[at++] = value - before[n];
        before[n] = value;
      }
    }
  }
  return png(rows);
}

function png(rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 5 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** node:zlib has one only since Node 20.15. */
function crc32(data) {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
