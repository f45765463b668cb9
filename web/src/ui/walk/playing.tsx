// What is heard, what the conductor says, and how loud.

import { clockText, spokenTime } from '../../clock/format';
import { lengthOfPart, progressOf, type Span } from '../../walk/cues';
import { useWalk } from './context';

export function Playing() {
  const { walk } = useWalk();
  const { heard } = walk;
  const span = heard.value;
  const message = walk.message.value;
  return (
    <section class="walk-now" aria-label="The walk">
      <h1 class={`walk-message ${message ? '' : 'none'}`} dir="auto">{message?.text ?? waitingWords(span !== undefined)}</h1>
      {!walk.running.value && <button type="button" class="walk-begin" onClick={() => walk.unlock()}>Let it sound again</button>}
      {span ? <Progress span={span} /> : <Coming />}
      <Loudness />
      <Earlier />
      <p class="problem" role="alert">{walk.problem.value}</p>
    </section>
  );
}

function waitingWords(isPlaying: boolean): string {
  return isPlaying ? 'Listen.' : 'It begins by itself.';
}

function Progress({ span }: { span: Span }) {
  const { walk } = useWalk();
  const time = walk.time.value ?? span.from;
  const done = progressOf(span, time);
  const left = span.cue.loop ? undefined : Math.max(0, span.from + lengthOfPart(span.cue) - time);
  return (
    <div class="walk-progress">
      <p class="walk-cue" dir="auto">{span.cue.name ?? 'Playing'}</p>
      <div
        class="walk-bar"
        role="progressbar"
        aria-label={`Through ${span.cue.name ?? 'this part'}`}
        aria-valuenow={Math.round(done * 100)}
        aria-valuetext={left === undefined ? 'again and again' : `${spokenTime(left)} left`}
      >
        <i style={{ inlineSize: `${(done * 100).toFixed(2)}%` }} />
      </div>
      <p class="walk-left">{left === undefined ? 'Again and again' : clockText(left)}</p>
    </div>
  );
}

function Coming() {
  const { walk } = useWalk();
  const [coming, time] = [walk.coming.value, walk.time.value];
  if (!coming || time === undefined) return null;
  return (
    <p class="walk-coming">
      {coming.cue.name ?? 'The next part'} <strong>in {clockText(coming.from - time + 999_999)}</strong>
    </p>
  );
}

/** What was said before: also while this phone was away. */
function Earlier() {
  const { walk } = useWalk();
  const earlier = walk.state.value.messages.slice(0, -1).reverse();
  if (earlier.length === 0) return null;
  return (
    <details class="walk-help">
      <summary>Earlier messages</summary>
      <ul>
        {earlier.map(({ seq, text }) => <li key={seq} dir="auto">{text}</li>)}
      </ul>
    </details>
  );
}

function Loudness() {
  const { volume } = useWalk();
  return (
    <label class="walk-loudness">
      <span>Volume</span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={volume.value}
        style={{ '--filled': `${volume.value}%` }}
        onInput={(event) => (volume.value = Number(event.currentTarget.value))}
      />
    </label>
  );
}
