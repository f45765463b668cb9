import type { ComponentChildren } from 'preact';
import { letGo } from './context';

interface PlainProps {
  label?: string;
  disabled?: boolean;
  pressed?: boolean;
  kind?: 'plain' | 'go' | 'stop';
  onPress: () => void;
  children: ComponentChildren;
}

/** A button that leaves the space bar to the next cue. */
export function Plain({ label, disabled = false, pressed, kind = 'plain', onPress, children }: PlainProps) {
  return (
    <button
      type="button"
      class={`conduct-${kind === 'stop' ? 'plain danger' : kind}`}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={(event) => {
        letGo(event);
        onPress();
      }}
    >
      {children}
    </button>
  );
}
