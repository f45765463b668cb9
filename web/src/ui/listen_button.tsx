import type { Station } from '../api/types';
import { useRadio } from './context';
import { Play, Stop } from './icons';

/** One tap to listen, one to stop. `wide` shows the word as well. */
export function ListenButton({ station, wide = false }: { station: Station; wide?: boolean }) {
  const radio = useRadio();
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
