// What the walk's page says.

import type { Offline } from '../../walk/browser';
import type { LinkPhase } from '../../walk/link';
import type { Trouble } from '../../walk/store';

export function linkWords(phase: LinkPhase): string {
  switch (phase) {
    case 'open':
      return 'In step with the others';
    case 'lost':
      return 'No network just now. What is known goes on by itself.';
    case 'refused':
      return 'There is no walk on this server.';
    default:
      return 'Connecting…';
  }
}

export function troubleWords(trouble: Trouble, missing: number): string {
  switch (trouble) {
    case 'none':
      return '';
    case 'network':
      return 'The download broke off. It goes on by itself as soon as there is a network.';
    case 'full':
      return `This phone's storage is full: ${sizeText(missing)} more are needed. Free some space, then try again.`;
    case 'spoilt':
      return 'The sound arrived damaged, twice. Tell whoever leads the walk, then try again.';
    case 'storage':
      return 'This browser lets the page store nothing. Is this a private window? Open the page in an ordinary one.';
  }
}

export function offlineWords(offline: Offline): string {
  switch (offline) {
    case 'yes':
      return 'This page opens without a network too. It can be put on your home screen.';
    case 'no':
      return 'Leave this page open until the walk is over: over plain http it cannot be opened again without the network.';
    case 'failed':
      return 'Leave this page open until the walk is over: this browser does not keep it.';
    case 'pending':
      return '';
  }
}

/** "62 MB". */
export function sizeText(bytes: number): string {
  const mb = bytes / 1e6;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}
