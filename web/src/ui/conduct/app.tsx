// Conducting, with one hand or at a desk: what is heard and how many are ready on top, GO and Stop where the thumb is.

import { About } from './about';
import { Arming } from './arming';
import { Board } from './board';
import { useConduct } from './context';
import { LeadSetting } from './lead_setting';
import { Log } from './log';
import { MessageForm } from './message_form';
import { Now } from './now';
import { PartForm } from './part_form';
import { Sheet } from './sheet';
import { Thumb } from './thumb';
import { phaseWords } from './words';

export function ConductApp() {
  const { conduct } = useConduct();
  const { title } = conduct.state.value;
  return (
    <div class="page conduct">
      <header class="conduct-head">
        <h1 dir="auto">{title || 'Conduct'}</h1>
        <Who />
      </header>
      <main>{conduct.known.value ? <Desk /> : <Outside />}</main>
      {conduct.known.value && <Thumb />}
    </div>
  );
}

function Who() {
  const { conduct, user } = useConduct();
  const phase = conduct.phase.value;
  return (
    <p class={`conduct-line ${phase}`}>
      <span role="status">{phaseWords(phase)}</span>
      {phase === 'signed_out' ? <a class="link" href="/login?next=/conduct">Sign in</a> : user.value && <a class="link" href="/login?next=/conduct" dir="auto">{user.value}</a>}
    </p>
  );
}

function Desk() {
  return (
    <div class="conduct-desk">
      <div class="conduct-side">
        <div class="conduct-hand">
          <Counts />
          <Now />
          <Sheet />
        </div>
        <div class="conduct-more">
          <MessageForm />
          <Arming />
          <LeadSetting />
          <About />
        </div>
      </div>
      <div class="conduct-side">
        <div class="conduct-part"><PartForm /></div>
        <div class="conduct-eye">
          <Board />
          <Log />
        </div>
      </div>
    </div>
  );
}

function Counts() {
  const { connected, ready, notReady } = useConduct().conduct.counts.value;
  return (
    <dl class="conduct-counts">
      <div><dt>Connected</dt><dd>{connected}</dd></div>
      <div class={ready > 0 ? 'good' : ''}><dt>Ready</dt><dd>{ready}</dd></div>
      <div class={notReady > 0 ? 'bad' : ''}><dt>Not ready</dt><dd>{notReady}</dd></div>
    </dl>
  );
}

/** Before anything is known: why, and what to do. */
function Outside() {
  switch (useConduct().conduct.phase.value) {
    case 'signed_out':
      return <p class="conduct-outside">Conducting needs a user with the role conductor. <a class="link" href="/login?next=/conduct">Sign in</a>, then come back.</p>;
    case 'not_allowed':
      return <p class="conduct-outside">You are signed in, and not as a conductor. <a class="link" href="/login?next=/conduct">Sign in as somebody else</a>.</p>;
    case 'no_walk':
      return <p class="conduct-outside">There is no walk on this server. It is started with <code>tutti serve --walk FOLDER</code>.</p>;
    default:
      return null;
  }
}
