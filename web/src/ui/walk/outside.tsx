// Where only those may listen who are known: what to do.

import { useWalk } from './context';

export function Outside() {
  switch (useWalk().walk.phase.value) {
    case 'signed_out':
      return (
        <p class="walk-trouble" role="alert">
          This walk is for invited people. Open the link that you were given, or <a class="link" href="/login">sign in</a> and come back here.
        </p>
      );
    case 'not_allowed':
      return (
        <p class="walk-trouble" role="alert">
          Whoever is signed in on this phone may not listen here. Open the link that you were given, or <a class="link" href="/login">sign in as somebody else</a> and come back.
        </p>
      );
    default:
      return null;
  }
}
