// Before the walk: who is ready, and what is missing where.

import { downloaded } from '../../conduct/board';
import type { Row } from '../../conduct/types';
import type { Asset } from '../../walk/types';
import { useConduct } from './context';
import { ackText, msText, percentText, stateWords } from './words';

/** Those in trouble come first; a page with thousands of rows would be slow when it must not be. */
const mostShown = 200;

export function Board() {
  const { conduct } = useConduct();
  const rows = conduct.rows.value;
  const { assets } = conduct.state.value;
  const { left } = conduct.counts.value;
  return (
    <section aria-label="Phones">
      <h2>Phones {left > 0 && <span class="quiet">({left} left)</span>}</h2>
      {rows.length === 0 && <p class="quiet">Nobody yet. Phones open /walk.</p>}
      <ul class="conduct-board">
        {rows.slice(0, mostShown).map((row) => <Phone key={row.id} row={row} assets={assets} />)}
      </ul>
      {rows.length > mostShown && <p class="quiet">And {rows.length - mostShown} more.</p>}
    </section>
  );
}

function Phone({ row, assets }: { row: Row; assets: readonly Asset[] }) {
  const facts: readonly (readonly [string, string, boolean?])[] = [
    ['Download', percentText(downloaded(row, assets))],
    ['Sound', row.unlocked ? 'unlocked' : 'locked', !row.unlocked],
    ['Clock', row.clock === null ? '–' : `± ${msText(row.clock)}`],
    ['Latency', msText(row.latency)],
    ['Correction', msText(row.correction)],
    ['Battery', percentText(row.battery), row.battery !== null && row.battery < 0.2],
    ['Network', row.network ?? '–'],
    ['Last ack', ackText(row), row.ack !== null && row.ack.late > 0],
    ['Start error', msText(row.ack?.startError ?? null)],
  ];
  return (
    <li class={!row.connected ? 'left' : row.ready ? 'ready' : 'waits'}>
      <p class="conduct-name">
        <strong dir="auto">{row.name || row.id}</strong>
        <span class="conduct-light">{stateWords(row)}</span>
        {row.kind !== 'phone' && <span class="quiet">{row.kind}</span>}
        {row.connected && row.hidden && <span class="quiet">page hidden</span>}
      </p>
      <dl>
        {facts.map(([name, value, odd]) => <div key={name} class={odd ? 'odd' : ''}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </li>
  );
}
