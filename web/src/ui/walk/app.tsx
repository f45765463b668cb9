// The walk on a phone: one calm screen, to be read in the sun, in a hand that walks.

import { Announced } from './announced';
import { useWalk } from './context';
import { Help } from './help';
import { Outside } from './outside';
import { Playing } from './playing';
import { Stock } from './stock';
import { Welcome } from './welcome';
import { linkWords } from './words';

export function WalkApp() {
  const { walk } = useWalk();
  const unlocked = walk.unlocked.value;
  return (
    <div class="page walk">
      <header class="walk-head">
        <p class="walk-name">{walk.state.value.title || 'Sound walk'}</p>
        <Link />
      </header>
      <main>{unlocked ? <Playing /> : <Welcome />}</main>
      <footer class="walk-foot">
        <Outside />
        <Stock />
        {unlocked && <Help />}
      </footer>
      <Announced />
    </div>
  );
}

function Link() {
  const { walk } = useWalk();
  const phase = walk.phase.value;
  return <p class={`walk-link ${phase}`} role="status">{linkWords(phase)}</p>;
}
