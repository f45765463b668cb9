// When it is silent, or not together with the others.

import { useWalk } from './context';
import { ScreenLock } from '../../walk/browser';

const most = 300;
const step = 5;

export function Help() {
  const { walk } = useWalk();
  return (
    <details class="walk-help">
      <summary>No sound, or not together?</summary>
      <h2>No sound</h2>
      <ul>
        <li>Turn up the volume here and on the phone itself.</li>
        <li>iPhone: the switch on its side must not be on mute.</li>
        <li>Bluetooth: is it connected to this phone? Take it off and put it on again, or use the phone's loudspeaker.</li>
        <li>After a call, tap the screen once.</li>
      </ul>
      <h2>Not together</h2>
      <p>Bluetooth headphones are often late. Hold this phone beside one that is right, let both tick, and move the slider until you hear one tick.</p>
      <p>
        <button type="button" class={`quiet-button ${walk.ticking.value ? 'on' : ''}`} aria-pressed={walk.ticking.value} onClick={() => walk.tickAlong(!walk.ticking.value)}>
          Tick every second
        </button>
      </p>
      <Correction />
      <p class="quiet">{about(walk.uncertainty.value)}</p>
      {!ScreenLock.possible && <p class="quiet">This page cannot keep the screen on: set the phone's own lock to a longer time.</p>}
    </details>
  );
}

function Correction() {
  const { walk } = useWalk();
  const ms = walk.correction.value;
  return (
    <label class="walk-loudness">
      <span>{ms === 0 ? 'As the phone says' : `${Math.abs(ms)} ms ${ms > 0 ? 'earlier' : 'later'}`}</span>
      <input
        type="range"
        aria-label="Play earlier or later"
        aria-valuetext={`${ms} milliseconds earlier`}
        min={-most}
        max={most}
        step={step}
        value={ms}
        onInput={(event) => walk.correct(Number(event.currentTarget.value))}
      />
    </label>
  );
}

function about(uncertainty: number): string {
  return Number.isFinite(uncertainty) ? `This phone knows the time to ${(uncertainty / 1000).toFixed(1)} ms.` : 'This phone does not know the time yet.';
}
