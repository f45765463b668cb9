// What the phones play, what is about to begin, and who did what last.

import { clockText, spokenTime } from '../../clock/format';
import { waitText } from '../../conduct/arming';
import { secondsText } from '../../conduct/read';
import { lengthOfPart, progressOf, type Span } from '../../walk/cues';
import { useConduct } from './context';
import { timeOfDay } from './words';

export function Now() {
  const { conduct } = useConduct();
  const [heard, coming, time] = [conduct.heard.value, conduct.coming.value, conduct.time.value];
  return (
    <section class="conduct-now" aria-label="Now">
      {heard && time !== undefined ? <Heard span={heard} time={time} /> : <p class="conduct-cue quiet">Silence</p>}
      {coming && time !== undefined && (
        <p class="conduct-coming">
          <span dir="auto">{nameOf(coming)}</span> begins in <strong>{waitText(coming.from - time)}</strong>
        </p>
      )}
      <Armed />
      <LastOrder />
    </section>
  );
}

function Heard({ span, time }: { span: Span; time: number }) {
  const done = progressOf(span, time);
  const left = span.cue.loop ? undefined : Math.max(0, span.from + lengthOfPart(span.cue) - time);
  return (
    <>
      <p class="conduct-cue">
        <strong dir="auto">{nameOf(span)}</strong> <span class="conduct-left">{left === undefined ? 'again and again' : clockText(left)}</span>
      </p>
      <div
        class="conduct-bar"
        role="progressbar"
        aria-label={`Through ${nameOf(span)}`}
        aria-valuenow={Math.round(done * 100)}
        aria-valuetext={left === undefined ? 'again and again' : `${spokenTime(left)} left`}
      >
        <i style={{ inlineSize: `${(done * 100).toFixed(2)}%` }} />
      </div>
    </>
  );
}

function Armed() {
  const { armed } = useConduct().conduct.state.value;
  return armed && <p>The sheet runs by itself from <strong dir="auto">{armed.from}</strong> on, until the next GO or Stop.</p>;
}

function LastOrder() {
  const last = useConduct().conduct.lastOrder.value;
  if (!last) return null;
  return (
    <p class="quiet conduct-last">
      Last: {last.kind}, <span dir="auto">{last.text}</span> <span class="conduct-when">{timeOfDay(last.wall)}</span>
    </p>
  );
}

/** A part that has no name is known by its numbers. */
function nameOf({ cue }: Span): string {
  return cue.name ?? `${cue.asset} ${secondsText(cue.a)}–${secondsText(cue.b)} s`;
}
