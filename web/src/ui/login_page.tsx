// Signing in by name and password or by a one-time link, and signing out.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Outcome, User } from '../account/account';
import { useTutti } from './context';

/** The secret of a one-time link stands behind the #, where no server and no log sees it. */
function takeOnceToken(): string | undefined {
  const token = /^#once=(.+)$/.exec(location.hash)?.[1];
  if (token) history.replaceState(null, '', location.pathname);
  return token && decodeURIComponent(token);
}

export function LoginPage() {
  const { account } = useTutti();
  const problem = useSignal('');
  const busy = useSignal(false);
  const run = async (step: () => Promise<Outcome>) => {
    busy.value = true;
    problem.value = '';
    const outcome = await step();
    busy.value = false;
    if (!outcome.ok) problem.value = outcome.reason;
  };
  useEffect(() => {
    const token = takeOnceToken();
    if (token) void run(() => account.signInOnce(token));
  }, []);
  const user = account.user.value;
  return (
    <section class="sheet" aria-busy={busy.value}>
      {user && user !== 'asking' ? <SignedIn user={user} busy={busy} run={run} /> : <SignIn busy={busy} run={run} />}
      <p class="problem" role="alert">{problem.value}</p>
    </section>
  );
}

interface FormProps {
  busy: Signal<boolean>;
  run: (step: () => Promise<Outcome>) => Promise<void>;
}

function SignIn({ busy, run }: FormProps) {
  const { account } = useTutti();
  const name = useSignal('');
  const password = useSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    await run(() => account.signIn(name.value.trim(), password.value));
    password.value = '';
  };
  return (
    <>
      <h1>Sign in</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>Name</span>
          <input type="text" required autocomplete="username" autocapitalize="none" spellcheck={false} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>Password</span>
          <input type="password" required autocomplete="current-password" value={password.value} onInput={(event) => (password.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="listen wide" disabled={busy.value}>{busy.value ? 'Signing in…' : 'Sign in'}</button>
      </form>
    </>
  );
}

function SignedIn({ user, busy, run }: FormProps & { user: User }) {
  const { account } = useTutti();
  return (
    <>
      <h1>Signed in</h1>
      <p class="byline">
        <span dir="auto">{user.name}</span>
        {user.roles.length > 0 && <span class="quiet"> · {user.roles.join(', ')}</span>}
      </p>
      <button type="button" class="listen wide" disabled={busy.value} onClick={() => void run(() => account.signOut())}>Sign out</button>
    </>
  );
}
