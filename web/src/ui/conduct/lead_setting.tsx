import { useSignal } from '@preact/signals';
import { secondsText } from '../../conduct/read';
import type { Lead } from '../../conduct/types';
import { letGo, useConduct } from './context';
import { Seconds } from './part_form';

function originOf({ manual, measured }: Lead): string {
  if (manual === null) return measured === null ? ', as no phone has told its latency' : ', as measured for 99 of 100 phones';
  return measured === null ? ', as set' : `, as set (measured: ${secondsText(measured)} s)`;
}

/** How long after GO a cue starts: as measured, or as somebody wants it. */
export function LeadSetting() {
  const { conduct } = useConduct();
  const lead = conduct.lead.value;
  const typed = useSignal('');
  if (!lead) return null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (conduct.setLead(typed.value)) typed.value = '';
  };
  return (
    <form class="conduct-form" aria-label="Lead" onSubmit={submit}>
      <h2>Lead</h2>
      <p>
        A cue starts <strong>{secondsText(lead.chosen)} s</strong> after GO
        <span class="quiet">{originOf(lead)}</span>
      </p>
      <div class="conduct-fields">
        <Seconds name="Lead (s)" value={typed.value} onInput={(text) => (typed.value = text)} />
        <button type="submit" class="conduct-plain" onClick={letGo}>Set</button>
        <button
          type="button"
          class="conduct-plain"
          disabled={lead.manual === null}
          onClick={(event) => {
            letGo(event);
            conduct.leadAsMeasured();
          }}
        >
          As measured
        </button>
      </div>
    </form>
  );
}
