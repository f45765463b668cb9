// What comes next on a station and what was before.

import type { Entry, Station } from '../api/types';
import { endedAgo, startsIn, titleOf } from '../clock/format';
import { endsAt, momentAt } from '../clock/timeline';
import { useRadio } from './context';
import { Cover } from './cover';

const shown = 3;

export function Neighbours({ station }: { station: Station }) {
  const time = useRadio().timeOf(station.route) ?? 0;
  const { before, next } = momentAt(station.entries, time);
  return (
    <div class="neighbours">
      <Column id="next" heading="Coming up" entries={next} when={(entry) => startsIn(entry.startsAt - time)} />
      <Column id="before" heading="Just played" entries={before} when={(entry) => endedAgo(time - endsAt(entry))} />
    </div>
  );
}

interface ColumnProps {
  id: string;
  heading: string;
  entries: readonly Entry[];
  when: (entry: Entry) => string;
}

function Column({ id, heading, entries, when }: ColumnProps) {
  return (
    <section class={`neighbour-list ${id}`} aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      {entries.length === 0 && <p class="quiet">Nothing yet</p>}
      <ol>
        {entries.slice(0, shown).map((entry) => (
          <li key={entry.startsAt}>
            <Cover entry={entry} name={entry.title} />
            <span class="two-lines">
              <span class="line-title" dir="auto">{titleOf(entry)}</span>
              <span class="line-artist" dir="auto">{entry.artist}</span>
            </span>
            <span class="when">{when(entry)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
