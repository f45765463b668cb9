import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Offline } from '../../walk/browser';
import type { WalkStore } from '../../walk/store';
import type { Walk } from '../../walk/walk';

/** All that the walk's components read and call. */
export interface WalkPage {
  readonly walk: Walk;
  readonly store: WalkStore;
  readonly volume: Signal<number>;
  readonly offline: Signal<Offline>;
  /** From a tap. */
  begin(): void;
}

export const WalkContext = createContext<WalkPage | undefined>(undefined);

export function useWalk(): WalkPage {
  const page = useContext(WalkContext);
  if (!page) throw new Error('a component stands outside of WalkContext');
  return page;
}
