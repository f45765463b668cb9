// Puts the page together: the radio, the browser's events it depends on, and the components.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { fetchListener, fetchStations } from './api/client';
import { documentTitle, titleOf } from './clock/format';
import { bindMediaKeys, showOnLockScreen } from './player/media_keys';
import { Radio } from './radio/radio';
import { App } from './ui/app';
import { RadioContext } from './ui/context';
import './ui/styles/index.css';

const tickMs = 500;

const audio = new Audio();
audio.preload = 'none';
const radio = new Radio({ audio, fetchStations, fetchListener, now: () => performance.now(), path: location.pathname });

/** Nobody looks and nobody listens: then nobody asks. */
function attend(): void {
  if (document.hidden && radio.listening.value.phase === 'off') radio.rest();
  else radio.watch();
}

setInterval(() => radio.tick(), tickMs);
document.addEventListener('visibilitychange', attend);
window.addEventListener('online', () => radio.hurry());
window.addEventListener('pageshow', (event) => event.persisted && attend());
window.addEventListener('popstate', () => (radio.path.value = location.pathname));
effect(attend);
effect(() => {
  if (radio.path.value !== location.pathname) history.pushState(null, '', radio.path.value);
});

bindMediaKeys({
  listen: () => radio.listen(),
  stop: () => radio.stop(),
  previous: () => radio.zap(-1),
  next: () => radio.zap(1),
});

effect(() => {
  const station = radio.heardStation.value ?? radio.selected.value;
  const entry = station && radio.entryOf(station);
  const title = entry && titleOf(entry);
  document.title = documentTitle(title, station?.name);
});

effect(() => {
  const [station, entry] = [radio.heardStation.value, radio.heardEntry.value];
  showOnLockScreen(
    station && { title: entry ? titleOf(entry) : station.name, artist: entry?.artist ?? '', station: station.name, cover: entry?.cover ?? null },
  );
});

const root = document.getElementById('app');
if (root) render(<RadioContext.Provider value={radio}><App /></RadioContext.Provider>, root);
