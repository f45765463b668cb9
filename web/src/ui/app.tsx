import { useComputed, useSignal, useSignalEffect, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hueOf } from '../radio/colour';
import { Announcer } from './announcer';
import { useRadio } from './context';
import { DevicesPage } from './devices_page';
import { Dock } from './dock';
import { Header } from './header';
import { LoginPage } from './login_page';
import { ServerBanner } from './server_banner';
import { Stage } from './stage';
import { StationList } from './station_list';
import { TracksPage } from './tracks_page';
import { viewOf, type View } from './views';

const skips: Partial<Record<View, [to: string, words: string]>> = {
  station: ['#stations', 'Skip to the stations'],
  tracks: ['#tracks', 'Skip to the library'],
  devices: ['#tracks', 'Skip to the library'],
};

export function App() {
  const radio = useRadio();
  const stageInSight = useSignal(true);
  const view = useComputed(() => viewOf(radio.path.value)).value;
  const skip = skips[view];
  useSignalEffect(() => {
    if (viewOf(radio.path.value) !== 'station') stageInSight.value = false;
  });
  return (
    <div class="page" style={{ '--hue': hueOf(radio.selected.value?.route ?? '/') }}>
      {skip && <a class="skip" href={skip[0]}>{skip[1]}</a>}
      <Header />
      <ServerBanner />
      <Main view={view}>
        {view === 'station' && <Stations inSight={stageInSight} />}
        {view === 'tracks' && <TracksPage />}
        {view === 'devices' && <DevicesPage />}
        {view === 'login' && <LoginPage />}
      </Main>
      <Dock stageInSight={stageInSight} />
      <Announcer />
    </div>
  );
}

/** Who goes to another page is taken to its beginning: eyes by scrolling, a screen reader by the focus. */
function Main({ view, children }: { view: View; children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    if (shown.current !== view) main.current?.focus({ preventScroll: true });
    shown.current = view;
  }, [view]);
  return <main ref={main} tabIndex={-1}>{children}</main>;
}

function Stations({ inSight }: { inSight: Signal<boolean> }) {
  const radio = useRadio();
  const station = radio.selected.value;
  const entry = useComputed(() => radio.selected.value && radio.entryOf(radio.selected.value)).value;
  if (!station) return <Waiting />;
  return (
    <>
      <Stage station={station} entry={entry} inSight={inSight} />
      <StationList />
    </>
  );
}

function Waiting() {
  const none = useRadio().answer.value !== undefined;
  return (
    <section class="waiting">
      <h1>{none ? 'No stations yet' : 'Tuning in…'}</h1>
      {none && <p>Every folder of audio files becomes a station. Add one to the library and it appears here by itself.</p>}
    </section>
  );
}
