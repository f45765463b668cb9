// What the page says about a station's state.

import type { Station } from '../api/types';
import type { Phase } from '../player/listening';

export function statusHeadline(station: Station): string {
  if (station.status === 'empty') return 'Nothing to play yet';
  return station.status === 'scanning' ? 'Looking for tracks…' : 'On air';
}

export function statusExplained(station: Station): string {
  if (station.status === 'empty') return 'Its folders hold no track that can be played. Put audio files there and it goes on air by itself.';
  return station.status === 'scanning' ? 'The library is being scanned. The station goes on air with the first track found.' : '';
}

export function phaseText(phase: Phase): string {
  switch (phase) {
    case 'connecting':
      return 'Tuning in…';
    case 'reconnecting':
      return 'The stream broke off. Reconnecting…';
    case 'blocked':
      return 'Your browser wants one more tap before it plays sound.';
    case 'playing':
      return 'You are hearing';
    case 'off':
      return 'On air now';
  }
}
