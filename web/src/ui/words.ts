// What the pages say about the state of a station, a track, a connection.

import type { Station } from '../api/types';
import type { LinkPhase } from '../devices/link';
import type { Phase } from '../player/listening';
import type { Phase as TrackPhase } from '../wsaudio/player';

export function statusHeadline(station: Station): string {
  if (station.status === 'empty') return 'Nothing to play yet';
  if (station.status === 'on_air' && station.individual) return 'A programme of your own';
  return station.status === 'scanning' ? 'Looking for tracks…' : 'On air';
}

export function statusExplained(station: Station): string {
  if (station.status === 'empty') return 'Its folders hold no track that can be played. Put audio files there and it goes on air by itself.';
  if (station.status === 'on_air' && station.individual) return 'Its tracks, shuffled for you alone, from the moment you listen.';
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

export function trackPhaseText(phase: TrackPhase): string {
  switch (phase) {
    case 'off':
      return 'Not connected';
    case 'connecting':
      return 'Connecting…';
    case 'buffering':
      return 'Waiting for more of it…';
    case 'playing':
      return 'You are hearing';
    case 'paused':
      return 'Paused';
    case 'ended':
      return 'Played to its end';
    case 'blocked':
      return 'Your browser wants one more tap before it plays sound.';
    case 'failed':
      return 'It could not be played';
  }
}

export function linkText(phase: LinkPhase): string {
  switch (phase) {
    case 'open':
      return 'In step with your other devices';
    case 'lost':
      return 'The connection broke off. Reconnecting…';
    case 'signed_out':
      return 'Not signed in';
    default:
      return 'Connecting…';
  }
}
