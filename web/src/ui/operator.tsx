// What an operator can do to a station: it changes what everybody hears.

import { useSignal } from '@preact/signals';
import { ask } from '../api/request';
import type { Station } from '../api/types';
import { refusal } from '../account/account';
import { useTutti } from './context';
import { Next, Previous, Shuffle } from './icons';
import { SmallButton } from './transport';

type Action = 'next-track' | 'prev-track' | 'shuffle-playlist';

const said: Record<Action, string> = {
  'next-track': 'On to the next track.',
  'prev-track': 'Back to the track before.',
  'shuffle-playlist': 'What comes next is shuffled anew.',
};

export function OperatorControls({ station }: { station: Station }) {
  const { account, radio } = useTutti();
  const busy = useSignal(false);
  const outcome = useSignal('');
  if (!account.isOperator()) return null;
  const order = async (path: string, done: string) => {
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
  const act = (action: Action) => order(`/${action}${station.url}`, said[action]);
  return (
    <div class="operator" role="group" aria-label={`Operate ${station.name}`}>
      <SmallButton label="Previous track" disabled={busy.value} onClick={() => void act('prev-track')}><Previous /></SmallButton>
      <SmallButton label="Next track" disabled={busy.value} onClick={() => void act('next-track')}><Next /></SmallButton>
      <SmallButton label="Shuffle" disabled={busy.value} onClick={() => void act('shuffle-playlist')}><Shuffle /></SmallButton>
      <span class="quiet" role="status">{outcome.value}</span>
    </div>
  );
}
