// A name and a password: known ones, or ones that are chosen now.

import { useSignal } from '@preact/signals';

interface CredentialsFormProps {
  chosen?: boolean;
  busy: boolean;
  action: string;
  onSubmit: (name: string, password: string) => Promise<void>;
}

const shortestPassword = 8;

export function CredentialsForm({ chosen = false, busy, action, onSubmit }: CredentialsFormProps) {
  const name = useSignal(chosen ? 'operator' : '');
  const password = useSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    await onSubmit(name.value.trim(), password.value);
    password.value = '';
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>Name</span>
        <input
          type="text"
          required
          maxLength={64}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Password</span>
        <input
          type="password"
          required
          minLength={chosen ? shortestPassword : undefined}
          autocomplete={chosen ? 'new-password' : 'current-password'}
          value={password.value}
          onInput={(event) => (password.value = event.currentTarget.value)}
        />
        {chosen && <span class="quiet">At least {shortestPassword} characters.</span>}
      </label>
      <button type="submit" class="listen wide" disabled={busy}>{action}</button>
    </form>
  );
}
