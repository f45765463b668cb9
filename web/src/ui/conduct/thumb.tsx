import { letGo, useConduct } from './context';
import { Seconds } from './part_form';

/** Always in reach: the next cue, and silence. */
export function Thumb() {
  const { conduct, fade } = useConduct();
  const next = conduct.next.value;
  const go = (event: MouseEvent) => {
    letGo(event);
    conduct.goNext();
  };
  const stop = (event: MouseEvent) => {
    letGo(event);
    conduct.silence(fade.value);
  };
  return (
    <footer class="conduct-thumb">
      {next?.name ? (
        <button type="button" class="conduct-next" aria-keyshortcuts="Space" onClick={go}>
          <span>GO</span> <b dir="auto">{next.name}</b> <kbd>space</kbd>
        </button>
      ) : (
        <p class="conduct-next none">No further cue</p>
      )}
      <Seconds name="Fade (s)" value={fade.value} onInput={(typed) => (fade.value = typed)} />
      <button type="button" class="conduct-stop" onClick={stop}>Stop</button>
    </footer>
  );
}
