import { useSignal } from '@preact/signals';
import { titleOf } from '../clock/format';
import { useRadio } from './context';
import { StationCard } from './station_card';

/** From so many stations on, looking is slower than typing. */
const searchFrom = 9;
const manyFrom = 60;

export function StationList() {
  const radio = useRadio();
  const wanted = useSignal('');
  const stations = radio.stations.value;
  const words = wanted.value.trim().toLocaleLowerCase();
  const found = words
    ? stations.filter((station) => {
        const entry = radio.entryOf(station);
        return `${station.name} ${entry ? `${titleOf(entry)} ${entry.artist}` : ''}`.toLocaleLowerCase().includes(words);
      })
    : stations;
  return (
    <section class="stations" id="stations" aria-labelledby="stations-title" tabIndex={-1}>
      <div class="stations-head">
        <h2 id="stations-title">Stations</h2>
        {stations.length >= searchFrom && (
          <label class="search">
            <span class="visually-hidden">Find a station</span>
            <input type="search" placeholder="Find a station" value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
          </label>
        )}
      </div>
      <ul class={stations.length >= manyFrom ? 'cards many' : 'cards'}>
        {found.map((station) => (
          <StationCard key={station.route} station={station} />
        ))}
      </ul>
      {found.length === 0 && <p class="quiet" role="status">No station sounds like that.</p>}
    </section>
  );
}
