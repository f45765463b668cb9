import type { Station } from '../api/types';
import { useTutti } from './context';
import { Play, Stop } from './icons';
import { PageLink } from './page_link';
import { pages } from './views';

/** One tap to listen, one to stop. `wide` shows the word as well. */
export function ListenButton({ station, wide = false }: { station: Station; wide?: boolean }) {
  const { radio, account } = useTutti();
  if (account.mustSignIn()) return <Closed station={station} wide={wide} />;
  const heard = radio.isHeard(station.route);
  const busy = heard && radio.listening.value.phase !== 'playing';
  const classes = ['listen', wide && 'wide', heard && 'on', busy && 'busy'].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class={classes}
      aria-pressed={heard}
      aria-label={`Listen to ${station.name}`}
      title={heard ? 'Stop' : 'Listen'}
      disabled={station.status !== 'on_air' && !heard}
      onClick={() => radio.toggle(station)}
    >
      {heard ? <Stop /> : <Play />}
      {wide && <span>{heard ? 'Listening' : 'Listen'}</span>}
    </button>
  );
}

function Closed({ station, wide }: { station: Station; wide: boolean }) {
  return (
    <PageLink href={pages.login} class={wide ? 'listen wide' : 'listen'}>
      {wide ? <span>Sign in to listen</span> : <Play />}
      {!wide && <span class="visually-hidden">Sign in to listen to {station.name}</span>}
    </PageLink>
  );
}
