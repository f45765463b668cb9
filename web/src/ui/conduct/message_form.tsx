import { useSignal } from '@preact/signals';
import { letGo, useConduct } from './context';

/** What is sent leaves the field; what is not stays in it. */
export function MessageForm() {
  const { conduct } = useConduct();
  const text = useSignal('');
  const newest = conduct.state.value.messages.at(-1);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (conduct.say(text.value)) text.value = '';
  };
  return (
    <form class="conduct-form" aria-label="Message" onSubmit={submit}>
      <h2>Message</h2>
      <div class="conduct-fields">
        <label class="wide">
          <span>To every screen</span>
          <input type="text" autoComplete="off" dir="auto" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="conduct-go" onClick={letGo}>Send</button>
      </div>
      {newest && <p class="quiet">On the screens: <span dir="auto">{newest.text}</span></p>}
    </form>
  );
}
