// The space bar goes on to the next cue, wherever it does nothing else.

const ownSpace = 'input, textarea, select, button, a[href], summary, [contenteditable]';

interface Pressed {
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly target: unknown;
}

/** Not while somebody types or is on a button; not again while it is held. */
export function meansNext({ key, repeat, ctrlKey, altKey, metaKey, target }: Pressed): boolean {
  if (key !== ' ' || repeat || ctrlKey || altKey || metaKey) return false;
  const within = target as { closest?: (selector: string) => unknown } | null;
  return !within?.closest?.(ownSpace);
}
