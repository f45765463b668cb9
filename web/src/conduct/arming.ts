// When an armed sheet begins, as somebody types it: a time of day of this device. Pure.

import { clockText } from '../clock/format';
import type { Typed } from './read';

const day = 86_400_000;

/**
 * "17:30" or "17:30:05", the next time that it is so late: what is over today is tomorrow's. `date` is now by the calendar in
 * ms, `time` by the server in µs. Nothing typed: as soon as everybody can hear of it.
 */
export function readStart(typed: string, date: number, time: number | undefined): Typed<number | undefined> {
  const trimmed = typed.trim();
  if (!trimmed) return { value: undefined };
  const found = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(trimmed);
  if (!found) return { wrong: 'Start: a time of day, like 17:30 or 17:30:05' };
  if (time === undefined) return { wrong: "Start: the server's clock is not known yet" };
  const [hours, minutes, seconds] = found.slice(1).map((digits) => Number(digits ?? 0)) as [number, number, number];
  const start = new Date(date);
  start.setHours(hours, minutes, seconds, 0);
  const wait = start.getTime() - date;
  return { value: Math.round(time + (wait < 0 ? wait + day : wait) * 1000) };
}

/** "4.2 s", "1:02:03". */
export function waitText(us: number): string {
  return us < 10_000_000 ? `${(Math.max(0, us) / 1e6).toFixed(1)} s` : clockText(us);
}
