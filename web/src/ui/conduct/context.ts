import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Conduct } from '../../conduct/conduct';
import type { Editing } from '../../conduct/editing';
import type { Picked } from '../../conduct/picked';
import type { Preview } from '../../conduct/preview';
import type { Waveforms } from '../../conduct/waveforms';

/** All that the conductor's components read and call. */
export interface ConductPage {
  readonly conduct: Conduct;
  readonly picked: Picked;
  readonly editing: Editing;
  readonly waveforms: Waveforms;
  readonly preview: Preview;
  /** Of who is signed in; empty while that is not known. */
  readonly user: Signal<string>;
  /** Seconds, as typed: one for all buttons that stop. */
  readonly fade: Signal<string>;
}

export const ConductContext = createContext<ConductPage | undefined>(undefined);

export function useConduct(): ConductPage {
  const page = useContext(ConductContext);
  if (!page) throw new Error('a component stands outside of ConductContext');
  return page;
}

/**
 * A button that was clicked keeps the focus, and the space bar would press it again instead of going on to the next cue. Who
 * came to it by the keyboard keeps it: then `detail` is 0.
 */
export function letGo(event: MouseEvent): void {
  if (event.detail > 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.blur();
}
