import { useComputed } from '@preact/signals';
import type { Station } from '../api/types';
import { titleOf } from '../clock/format';
import { hueOf } from '../radio/colour';
import { useRadio } from './context';
import { Cover } from './cover';
import { ListenButton } from './listen_button';
import { ProgressLine } from './progress';
import { ListenerCount } from './stage';
import { StationLink } from './station_link';
import { statusExplained, statusHeadline } from './words';

export function StationCard({ station }: { station: Station }) {
  const radio = useRadio();
  const entry = useComputed(() => radio.entryOf(station)).value;
  const selected = useComputed(() => radio.selected.value?.route).value === station.route;
  const classes = ['card', selected && 'selected', radio.isHeard(station.route) && 'heard'].filter(Boolean).join(' ');
  return (
    <li class={classes} style={{ '--hue': hueOf(station.route) }}>
      <Cover entry={entry} name={station.name} />
      <div class="card-words">
        <h3>
          <StationLink station={station} current={selected}>
            {station.name}
          </StationLink>
          <ListenerCount listeners={station.listeners} />
        </h3>
        <p class="line-title" dir="auto">{entry ? titleOf(entry) : statusHeadline(station)}</p>
        <p class="line-artist" dir="auto" title={entry ? undefined : statusExplained(station)}>
          {entry ? entry.artist || '\u00a0' : statusExplained(station)}
        </p>
      </div>
      <ListenButton station={station} />
      {entry && <ProgressLine entry={entry} route={station.route} />}
    </li>
  );
}
