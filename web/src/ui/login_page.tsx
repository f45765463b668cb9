// Signing in by name and password or by a one-time link, and signing out.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Outcome, User } from '../account/account';
import { nextPage } from '../account/next';
import { useTutti } from './context';
import { CredentialsForm } from './credentials_form';

/** The secret of a one-time link stands behind the #, where no server and no log sees it. */
function takeSecret(): string {
  const secret = /^#once=(.+)$/.exec(location.hash)?.[1] ?? '';
  if (secret) history.replaceState(null, '', location.pathname + location.search);
  return secret;
}

export function LoginPage() {
  const { account } = useTutti();
  const problem = useSignal('');
  const busy = useSignal(false);
  const once = useSignal('');
  const next = nextPage(location.search, location.origin);
  /** Back to where they were sent here from; that may be another page than this. */
  const enter = async (step: () => Promise<Outcome>) => {
    const ok = await run(step);
    if (ok && next) location.assign(next);
    return ok;
  };
  const run = async (step: () => Promise<Outcome>) => {
    busy.value = true;
    problem.value = '';
    const outcome = await step();
    busy.value = false;
    if (!outcome.ok) problem.value = outcome.reason;
    return outcome.ok;
  };
  useEffect(() => {
    const take = () => (once.value = takeSecret() || once.value);
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const user = account.user.value;
  return (
    <section class="sheet" aria-busy={busy.value}>
      {once.value ? (
        <>
          <h1>Welcome</h1>
          <p class="byline">You are about to become the operator of this server. Choose how you sign in from now on.</p>
          <CredentialsForm
            key="once"
            chosen
            busy={busy.value}
            action="Begin"
            onSubmit={async (name, password) => {
              if (await enter(() => account.signInOnce(once.value, name, password))) once.value = '';
            }}
          />
        </>
      ) : user && user !== 'asking' ? (
        <SignedIn user={user} busy={busy} next={next} onSignOut={() => void run(() => account.signOut())} />
      ) : (
        <>
          <h1>Sign in</h1>
          <CredentialsForm
            key="name"
            busy={busy.value}
            action="Sign in"
            onSubmit={async (name, password) => void (await enter(() => account.signIn(name, password)))}
          />
        </>
      )}
      <p class="problem" role="alert">{problem.value}</p>
    </section>
  );
}

function SignedIn({ user, busy, next, onSignOut }: { user: User; busy: Signal<boolean>; next: string | undefined; onSignOut: () => void }) {
  return (
    <>
      <h1>Signed in</h1>
      <p class="byline">
        <span dir="auto">{user.name}</span>
        {user.roles.length > 0 && <span class="quiet"> · {user.roles.join(', ')}</span>}
      </p>
      {next && <p><a class="link" href={next}>Go on to {next}</a></p>}
      <button type="button" class="listen wide" disabled={busy.value} onClick={onSignOut}>Sign out</button>
    </>
  );
}
