import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Account } from '../account/account';
import type { Devices } from '../devices/devices';
import type { Here } from '../devices/here';
import type { Radio } from '../radio/radio';
import type { Library } from '../tracks/library';
import type { TrackListening } from '../tracks/listening';

/** All that the components read and call. */
export interface Tutti {
  readonly radio: Radio;
  readonly account: Account;
  readonly library: Library;
  readonly listening: TrackListening;
  readonly devices: Devices;
  readonly here: Here;
}

export const TuttiContext = createContext<Tutti | undefined>(undefined);

export function useTutti(): Tutti {
  const tutti = useContext(TuttiContext);
  if (!tutti) throw new Error('a component stands outside of TuttiContext');
  return tutti;
}

export function useRadio(): Radio {
  return useTutti().radio;
}
