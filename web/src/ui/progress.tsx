import type { Entry } from '../api/types';
import { clockText, spokenTime, titleOf } from '../clock/format';
import { progressAt } from '../clock/timeline';
import { useRadio } from './context';

/** The thin line of a card; the stage's has its numbers beside it and is read out. */
export function ProgressLine({ entry, route }: { entry: Entry; route: string }) {
  const time = useRadio().timeOf(route) ?? entry.startsAt;
  return (
    <div class="progress" aria-hidden="true">
      <span key={entry.startsAt} style={{ transform: `scaleX(${progressAt(entry, time).toFixed(4)})` }} />
    </div>
  );
}

export function ProgressWithTimes({ entry, route }: { entry: Entry; route: string }) {
  const time = useRadio().timeOf(route) ?? entry.startsAt;
  const position = Math.min(entry.duration, Math.max(0, time - entry.startsAt));
  return (
    <div
      class="progress-times"
      role="progressbar"
      aria-label={`Position in ${titleOf(entry)}`}
      aria-valuemin={0}
      aria-valuemax={Math.round(entry.duration / 1e6)}
      aria-valuenow={Math.floor(position / 1e6)}
      aria-valuetext={`${spokenTime(position)} of ${spokenTime(entry.duration)}`}
    >
      <span>{clockText(position)}</span>
      <ProgressLine entry={entry} route={route} />
      <span>{clockText(entry.duration)}</span>
    </div>
  );
}
