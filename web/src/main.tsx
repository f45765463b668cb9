// Puts the page together: its models, the browser's events they depend on, and the components.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { documentTitle, titleOf } from './clock/format';
import { makeTutti } from './make';
import { bindMediaKeys, showOnLockScreen } from './player/media_keys';
import { App } from './ui/app';
import { TuttiContext } from './ui/context';
import { viewOf, viewTitles } from './ui/views';
import './ui/styles/index.css';

const tickMs = 500;
const deviceTickMs = 250;

const audio = new Audio();
audio.preload = 'none';
const tutti = makeTutti(audio);
const { radio, account, devices, here } = tutti;

/** Nobody looks and nobody listens: then nobody asks. */
function attend(): void {
  if (document.hidden && radio.listening.value.phase === 'off') radio.rest();
  else radio.watch();
}

/** A device that nobody looks at or listens to is none. */
function attendDevices(): void {
  const user = account.user.value;
  const wanted = viewOf(radio.path.value) === 'devices' || here.on.value;
  if (wanted && user !== null && user !== 'asking') devices.start();
  else devices.stop();
}

/** The network is back. */
function hurry(): void {
  radio.hurry();
  devices.hurry();
}

/** The sound of this device goes with its page; one that only looks on leaves the others playing. */
function leave(): void {
  const state = devices.state.value;
  if (here.on.value && state && !state.onPause) devices.pause();
}

setInterval(() => radio.tick(), tickMs);
setInterval(() => {
  devices.tick();
  here.follow(devices.state.value, devices.position.value / 1000);
}, deviceTickMs);
document.addEventListener('visibilitychange', attend);
window.addEventListener('online', hurry);
window.addEventListener('pagehide', leave);
window.addEventListener('pageshow', (event) => event.persisted && attend());
window.addEventListener('popstate', () => (radio.path.value = location.pathname));
effect(attend);
effect(attendDevices);
effect(() => {
  if (radio.path.value !== location.pathname) history.pushState(null, '', radio.path.value);
});
effect(() => {
  if (radio.connection.value === 'ok' && account.user.value === 'asking') account.refresh().catch(() => {});
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
  const page = viewTitles[viewOf(radio.path.value)];
  document.title = page ? documentTitle(page, undefined) : documentTitle(entry && titleOf(entry), station?.name);
});

effect(() => {
  const [station, entry] = [radio.heardStation.value, radio.heardEntry.value];
  showOnLockScreen(
    station && { title: entry ? titleOf(entry) : station.name, artist: entry?.artist ?? '', station: station.name, cover: entry?.cover ?? null },
  );
});

const root = document.getElementById('app');
if (root) render(<TuttiContext.Provider value={tutti}><App /></TuttiContext.Provider>, root);
