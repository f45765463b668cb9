// The pages, and who is signed in.

import { useRadio, useTutti } from './context';
import { PageLink } from './page_link';
import { pages, viewOf } from './views';

export function Nav() {
  const view = viewOf(useRadio().path.value);
  return (
    <nav class="nav" aria-label="Pages">
      <PageLink href="/" current={view === 'station' && 'page'}>Stations</PageLink>
      <PageLink href={pages.tracks} current={view === 'tracks' && 'page'}>Tracks</PageLink>
      <PageLink href={pages.devices} current={view === 'devices' && 'page'}>Your devices</PageLink>
      <Who current={view === 'login'} />
    </nav>
  );
}

function Who({ current }: { current: boolean }) {
  const user = useTutti().account.user.value;
  if (user === 'asking') return <span class="who" />;
  return (
    <PageLink href={pages.login} class="who" current={current && 'page'}>
      {user ? <span dir="auto"><span class="visually-hidden">Signed in as </span>{user.name}</span> : 'Sign in'}
    </PageLink>
  );
}
