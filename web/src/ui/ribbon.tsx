// The station's timeline as a ribbon that slides under a fixed line: the line is now. A picture of what the lists
// below it say in words, so hidden from screen readers.

import type { Entry, Station } from '../api/types';
import { titleOf } from '../clock/format';
import { progressAt } from '../clock/timeline';
import { useRadio } from './context';

/** Share of the ribbon that lies behind the line. */
const past = 0.28;

export function Ribbon({ station }: { station: Station }) {
  const time = useRadio().timeOf(station.route);
  const base = station.entries[0]?.startsAt;
  if (time === undefined || base === undefined) return null;
  const window = ribbonWindow(station.entries);
  const percent = (us: number) => `${((us / window) * 100).toFixed(3)}%`;
  return (
    <div class="ribbon" aria-hidden="true">
      <div class="ribbon-strip" key={base} style={{ transform: `translateX(${percent(base - time + past * window)})` }}>
        {station.entries.map((entry) => (
          <div
            key={entry.startsAt}
            class={`ribbon-entry ${stateAt(entry, time)}`}
            style={{ left: percent(entry.startsAt - base), width: percent(entry.duration) }}
          >
            <span dir="auto">{titleOf(entry)}</span>
          </div>
        ))}
      </div>
      <div class="ribbon-now" style={{ left: `${past * 100}%` }} />
    </div>
  );
}

function stateAt(entry: Entry, time: number): string {
  const progress = progressAt(entry, time);
  if (progress >= 1) return 'over';
  return progress > 0 || entry.startsAt === time ? 'playing' : 'to-come';
}

/** About three tracks wide, whatever their length. */
function ribbonWindow(entries: readonly Entry[]): number {
  const lengths = entries.map((entry) => entry.duration).sort((a, b) => a - b);
  return Math.max(20_000_000, 3 * (lengths[Math.floor(lengths.length / 2)] ?? 0));
}
