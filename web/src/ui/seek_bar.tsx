// Where in a track, as a slider: dragging it seeks when it is let go, arrow keys at once. All in seconds.

import { useSignal } from '@preact/signals';
import { clockText, spokenTime } from '../clock/format';

interface SeekBarProps {
  label: string;
  position: number;
  duration: number | undefined;
  /** What can be reached; shown behind the position. */
  until?: number;
  disabled?: boolean;
  onSeek: (seconds: number) => void;
}

const us = 1_000_000;

export function SeekBar({ label, position, duration, until = 0, disabled = false, onSeek }: SeekBarProps) {
  const dragged = useSignal<number | undefined>(undefined);
  const length = Math.max(duration ?? until, position, 0.001);
  const shown = dragged.value ?? position;
  const percent = (seconds: number) => `${Math.min(100, (seconds / length) * 100).toFixed(2)}%`;
  const of = duration === undefined ? '' : ` of ${spokenTime(duration * us)}`;
  return (
    <div class="seek progress-times">
      <span aria-hidden="true">{clockText(shown * us)}</span>
      <input
        type="range"
        aria-label={label}
        min="0"
        max={length.toFixed(3)}
        step="any"
        value={shown}
        disabled={disabled}
        aria-valuetext={`${spokenTime(shown * us)}${of}`}
        style={{ '--filled': percent(shown), '--reached': percent(Math.max(shown, until)) }}
        onInput={(event) => (dragged.value = event.currentTarget.valueAsNumber)}
        onChange={(event) => {
          dragged.value = undefined;
          onSeek(event.currentTarget.valueAsNumber);
        }}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          onSeek(Math.max(0, Math.min(length, position + step)));
        }}
      />
      <span aria-hidden="true">{duration === undefined ? '–:––' : clockText(duration * us)}</span>
    </div>
  );
}
