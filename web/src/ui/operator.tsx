// What an operator can do to a station: it changes what everybody hears.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ask } from '../api/request';
import type { Station } from '../api/types';
import { refusal } from '../account/account';
import { useTutti } from './context';
import { InOrder, Next, Previous, Shuffle } from './icons';
import { SmallButton } from './transport';

export function OperatorControls({ station }: { station: Station }) {
  const { account, radio } = useTutti();
  const busy = useSignal(false);
  const outcome = useSignal('');
  if (!account.isOperator()) return null;
  const act = async (path: string, done: string) => {
    busy.value = true;
    try {
      const answered = await ask('POST', path);
      const refused = answered.status >= 400 ? refusal(answered, 'Only an operator can do that. Sign in again.') : undefined;
      outcome.value = refused && !refused.ok ? refused.reason : done;
      radio.hurry();
    } catch {
      outcome.value = 'The server does not answer.';
    }
    busy.value = false;
  };
  const button = (label: string, sign: ComponentChildren, path: string, done: string) => (
    <SmallButton label={label} disabled={busy.value} onClick={() => void act(path, done)}>{sign}</SmallButton>
  );
  return (
    <div class="operator" role="group" aria-label={`Operate ${station.name}`}>
      {button('Previous track', <Previous />, `/prev-track${station.url}`, 'Back to the track before.')}
      {button('Next track', <Next />, `/next-track${station.url}`, 'On to the next track.')}
      {button('Shuffle', <Shuffle />, `/shuffle-playlist${station.url}`, 'What comes next is shuffled anew.')}
      {button('In the order of the files', <InOrder />, `/set-shuffle${station.url}/off`, 'What comes next is in the order of the files.')}
      <span class="quiet" role="status">{outcome.value}</span>
    </div>
  );
}
