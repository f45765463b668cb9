import { letGo, useConduct } from './context';
import { Seconds } from './part_form';
import { phaseWords } from './words';

/** Always in reach: the next cue, and silence; and always in sight, what was refused. */
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
      <Away />
      <Refused />
      {next?.name ? (
        <button type="button" class="conduct-next" aria-keyshortcuts="Space" onClick={go}>
          <span>GO</span> <b dir="auto">{next.name}</b> <kbd aria-hidden="true">space</kbd>
        </button>
      ) : (
        <p class="conduct-next none">No further cue</p>
      )}
      <Seconds name="Fade (s)" value={fade.value} onInput={(typed) => (fade.value = typed)} />
      <button type="button" class="conduct-stop" onClick={stop}>Stop</button>
    </footer>
  );
}

/** The head of the page says it too, and may be out of sight. */
function Away() {
  const phase = useConduct().conduct.phase.value;
  return phase === 'open' ? null : <p class="conduct-away" aria-hidden="true">{phaseWords(phase)}</p>;
}

function Refused() {
  const { refused } = useConduct().conduct;
  const now = refused.value;
  return (
    <div class={`conduct-refused ${now ? '' : 'none'}`}>
      <div>
        <div class="problem-place" role="alert" aria-live="assertive">{now && <p key={now.number} class="problem">{now.text}</p>}</div>
        {now && <button type="button" class="conduct-plain" onClick={() => (refused.value = undefined)}>OK</button>}
      </div>
    </div>
  );
}
