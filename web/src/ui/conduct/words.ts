// What the conductor's page says.

import { clockText } from '../../clock/format';
import type { LinePhase } from '../../conduct/link';
import type { Row } from '../../conduct/types';

export function phaseWords(phase: LinePhase): string {
  switch (phase) {
    case 'open':
      return 'Connected';
    case 'lost':
      return 'The connection broke off. Reconnecting… The phones go on.';
    case 'signed_out':
      return 'Not signed in';
    case 'not_allowed':
      return 'Not allowed';
    case 'no_walk':
      return 'No walk';
    default:
      return 'Connecting…';
  }
}

export function stateWords(row: Row): string {
  if (!row.connected) return 'Left';
  return row.ready ? 'Ready' : 'Not ready';
}

/** "1.3 ms"; nothing where it was not told. */
export function msText(us: number | null): string {
  if (us === null) return '–';
  const ms = us / 1000;
  return `${Math.abs(ms) < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

export function percentText(part: number | null | undefined): string {
  return part === null || part === undefined ? '–' : `${Math.floor(part * 100)} %`;
}

export function ackText({ ack }: Row): string {
  if (!ack) return '–';
  return ack.late > 0 ? `cue ${ack.cue}, ${msText(ack.late)} late` : `cue ${ack.cue}`;
}

/** ms on the ruler: "1:02:03", "4:05", "4:05.5". */
export function markText(ms: number): string {
  const tenths = Math.round(ms / 100) % 10;
  return clockText(Math.round(ms / 100) * 100_000) + (tenths ? `.${tenths}` : '');
}

/** By this device's calendar: "16:04:09". */
export function timeOfDay(ms: number | null): string {
  if (ms === null || Number.isNaN(new Date(ms).getTime())) return '';
  return new Date(ms).toLocaleTimeString('en-GB');
}
