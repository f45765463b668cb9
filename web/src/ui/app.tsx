import { useComputed, useSignal } from '@preact/signals';
import { hueOf } from '../radio/colour';
import { Announcer } from './announcer';
import { useRadio } from './context';
import { Dock } from './dock';
import { Header } from './header';
import { ServerBanner } from './server_banner';
import { Stage } from './stage';
import { StationList } from './station_list';

export function App() {
  const radio = useRadio();
  const stageInSight = useSignal(true);
  const station = radio.selected.value;
  const entry = useComputed(() => radio.selected.value && radio.entryOf(radio.selected.value)).value;
  return (
    <div class="page" style={{ '--hue': hueOf(station?.route ?? '/') }}>
      <a class="skip" href="#stations">Skip to the stations</a>
      <Header />
      <ServerBanner />
      <main>
        {station ? <Stage station={station} entry={entry} inSight={stageInSight} /> : <Waiting />}
        {station && <StationList />}
      </main>
      <Dock stageInSight={stageInSight} />
      <Announcer />
    </div>
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
