// Buttons that play, pause and skip.

import type { ComponentChildren } from 'preact';
import { Pause, Play } from './icons';

interface PlayButtonProps {
  /** What is played, for a screen reader. */
  what: string;
  playing: boolean;
  busy?: boolean;
  disabled?: boolean;
  words: [play: string, pause: string];
  onPlay: () => void;
  onPause: () => void;
}

export function PlayButton({ what, playing, busy = false, disabled = false, words, onPlay, onPause }: PlayButtonProps) {
  const word = words[playing ? 1 : 0];
  return (
    <button
      type="button"
      class={`listen wide ${busy ? 'busy' : ''}`}
      aria-label={what ? `${word}: ${what}` : word}
      disabled={disabled}
      onClick={playing ? onPause : onPlay}
    >
      {playing ? <Pause /> : <Play />}
      <span>{word}</span>
    </button>
  );
}

interface SmallButtonProps {
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

/** A round one with a sign instead of a word. */
export function SmallButton({ label, pressed, disabled = false, onClick, children }: SmallButtonProps) {
  return (
    <button type="button" class={`listen small ${pressed ? 'on' : ''}`} aria-label={label} aria-pressed={pressed} title={label} disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}
