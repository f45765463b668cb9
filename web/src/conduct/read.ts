// What a conductor types, and what of it can be meant. Pure.

export type Typed<T> = { readonly value: T } | { readonly wrong: string };

const mostMessageBytes = 1000;
const longestS = 100_000;

/** Seconds of up to 3 decimals; a phone's number keyboard may have a comma for the point. */
export function readSeconds(typed: string, what: string): Typed<number> {
  const trimmed = typed.trim().replace(',', '.');
  if (!/^\d+(\.\d{1,3})?$/.test(trimmed)) return { wrong: `${what}: seconds of up to 3 decimals, like 12.5` };
  const value = Number(trimmed);
  return value <= longestS ? { value } : { wrong: `${what}: at most ${longestS} seconds` };
}

export function readPart(from: string, to: string): Typed<{ a: number; b: number }> {
  const a = readSeconds(from, 'From');
  if ('wrong' in a) return a;
  const b = readSeconds(to, 'To');
  if ('wrong' in b) return b;
  return a.value < b.value ? { value: { a: a.value, b: b.value } } : { wrong: 'To must be after From' };
}

export function readMessage(typed: string): Typed<string> {
  const value = typed.trim();
  if (!value) return { wrong: 'The message is empty' };
  const bytes = new TextEncoder().encode(value).length;
  return bytes <= mostMessageBytes ? { value } : { wrong: `The message has ${bytes} bytes, and at most ${mostMessageBytes} can be sent` };
}

/** 12500 -> "12.5". */
export function secondsText(ms: number): string {
  return String(ms / 1000);
}
