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
    case 'signed_out':
    case 'not_allowed':
      return 'Not let in';
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

/** The page was opened without a network, and knows no time from before. */
export function adriftWords(armed: boolean): string {
  const what = armed ? 'The walk is set to run by itself, but this phone cannot join it' : 'This phone cannot join the walk';
  return `${what}: without a network it does not know the time. Go where there is one, for a moment.`;
}

/** µs. */
export function recalledWords(uncertainty: number): string {
  const ms = Math.ceil(uncertainty / 10_000) * 10;
  return `The time is remembered from before this page was opened anew. It may be off by ${ms} ms until the network is back.`;
}

/** "62 MB". */
export function sizeText(bytes: number): string {
  const mb = bytes / 1e6;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}
