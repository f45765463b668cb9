// What is heard, kept at hand while the page shows something else.

import type { Signal } from '@preact/signals';
import { titleOf } from '../clock/format';
import { hueOf } from '../radio/colour';
import { useRadio } from './context';
import { Cover } from './cover';
import { ListenButton } from './listen_button';
import { StationLink } from './station_link';
import { Volume } from './volume';

export function Dock({ stageInSight }: { stageInSight: Signal<boolean> }) {
  const radio = useRadio();
  const station = radio.heardStation.value;
  if (!station || (stageInSight.value && radio.selected.value?.route === station.route)) return null;
  const entry = radio.heardEntry.value;
  return (
    <aside class="dock" aria-label="Listening" style={{ '--hue': hueOf(station.route) }}>
      <Cover entry={entry} name={station.name} />
      <StationLink station={station} class="two-lines">
        <span class="line-title" dir="auto">{entry ? titleOf(entry) : station.name}</span>
        <span class="line-artist" dir="auto">{[station.name, entry?.artist].filter(Boolean).join(' · ')}</span>
      </StationLink>
      <Volume />
      <ListenButton station={station} />
    </aside>
  );
}
