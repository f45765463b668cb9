// Tells a screen reader what the ear has just begun to hear.

import { titleOf } from '../clock/format';
import { useRadio } from './context';

export function Announcer() {
  const radio = useRadio();
  const [station, entry] = [radio.heardStation.value, radio.heardEntry.value];
  const playing = radio.listening.value.phase === 'playing';
  const artist = entry?.artist ? ` by ${entry.artist}` : '';
  return (
    <p class="visually-hidden" aria-live="polite" aria-atomic="true">
      {playing && station && entry ? `${station.name}: ${titleOf(entry)}${artist}` : ''}
    </p>
  );
}
