// Which moment of the server's timeline comes out of this listener's loudspeaker.

import type { ListenerAnswer } from '../api/types';

/** `position` is the media element's currentTime in seconds. */
export function heardAt(listener: ListenerAnswer, position: number): number {
  return listener.firstSampleAt + listener.skipped + position * 1_000_000;
}
