import { useSignal } from '@preact/signals';
import { waitText } from '../../conduct/arming';
import type { Armed } from '../../walk/types';
import { letGo, useConduct } from './context';
import { Plain } from './plain';
import { timeOfDay } from './words';

/** The sheet on its own, also where a phone has no network: from a cue and a time of day on. */
export function Arming() {
  const { conduct } = useConduct();
  const { sheet, armed } = conduct.state.value;
  if (sheet.length === 0) return null;
  return (
    <section aria-label="By itself">
      <h2>By itself</h2>
      {armed ? <Armed armed={armed} /> : <ArmForm />}
    </section>
  );
}

function Armed({ armed }: { armed: Armed }) {
  const { conduct } = useConduct();
  const time = conduct.time.value;
  const wait = time === undefined ? undefined : armed.start - time;
  return (
    <div class="conduct-form">
      <p>
        {wait !== undefined && wait > 0 ? (
          <>The sheet begins with <b dir="auto">{armed.from}</b> in <strong class="conduct-left">{waitText(wait)}</strong>, at {timeOfDay(Date.now() + wait / 1000)}.</>
        ) : (
          <>The sheet runs, from <b dir="auto">{armed.from}</b> on.</>
        )}
      </p>
      <div class="conduct-fields">
        <Plain onPress={() => conduct.disarm()}>Disarm</Plain>
      </div>
    </div>
  );
}

function ArmForm() {
  const { conduct } = useConduct();
  const { sheet } = conduct.state.value;
  const [from, start] = [useSignal(''), useSignal('')];
  const names = sheet.map(({ name }) => name ?? '');
  const chosen = names.includes(from.value) ? from.value : conduct.next.value?.name ?? names[0] ?? '';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (conduct.arm(chosen, start.value)) start.value = '';
  };
  return (
    <form class="conduct-form" aria-label="Arm the sheet" onSubmit={submit}>
      <p class="quiet">Each cue follows the one before, also on phones without a network. Without a time the first begins at once.</p>
      <div class="conduct-fields">
        <label class="wide">
          <span>From cue</span>
          <select value={chosen} onChange={(event) => (from.value = event.currentTarget.value)}>
            {names.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
        <label>
          <span>At</span>
          <input type="time" step="1" value={start.value} onInput={(event) => (start.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="conduct-go" onClick={letGo}>Arm</button>
      </div>
    </form>
  );
}
