import { useRadio } from './context';
import { Speaker } from './icons';

export function Volume() {
  const radio = useRadio();
  const volume = radio.volume.value;
  return (
    <label class="volume">
      <Speaker />
      <span class="visually-hidden">Volume</span>
      <input
        type="range"
        min="0"
        max="100"
        step="1"
        value={volume}
        aria-valuetext={`${volume} percent`}
        style={{ '--filled': `${volume}%` }}
        onInput={(event) => radio.setVolume(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}
