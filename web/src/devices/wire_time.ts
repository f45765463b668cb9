// Moments on the wire of /player: RFC 3339, with `Z`, `+00:00` or `+0000`, with or without a fraction. Here they are
// milliseconds since 1970.

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|([+-]\d\d):?(\d\d))$/i;

export function parseWireTime(text: unknown): number | undefined {
  const match = typeof text === 'string' ? rfc3339.exec(text) : null;
  if (!match) return undefined;
  const [, moment, hours, minutes] = match;
  const time = Date.parse(`${moment!.toUpperCase()}${hours ? `${hours}:${minutes}` : 'Z'}`);
  return Number.isNaN(time) ? undefined : time;
}

export function formatWireTime(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
