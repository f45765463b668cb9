import { secondsText } from '../../conduct/read';
import type { SheetCue } from '../../walk/types';
import { letGo, useConduct } from './context';

/** The cues in order, each with its GO. */
export function Sheet() {
  const { conduct } = useConduct();
  const { sheet } = conduct.state.value;
  const next = conduct.next.value;
  const live = conduct.heard.value?.cue.name;
  if (sheet.length === 0) return null;
  return (
    <section aria-label="Cues">
      <h2>Cues</h2>
      <ol class="conduct-sheet">
        {sheet.map((cue) => <Line key={cue.name} cue={cue} mark={cue.name === live ? 'live' : cue === next ? 'next' : ''} />)}
      </ol>
    </section>
  );
}

function Line({ cue, mark }: { cue: SheetCue; mark: 'live' | 'next' | '' }) {
  const { conduct } = useConduct();
  const name = cue.name ?? '';
  const go = (event: MouseEvent) => {
    letGo(event);
    conduct.go(name);
  };
  return (
    <li class={mark}>
      <p>
        <strong dir="auto">{name}</strong> {mark && <em>{mark === 'live' ? 'playing' : 'next'}</em>}
        <span class="quiet">
          {cue.asset} {secondsText(cue.a)}–{secondsText(cue.b)} s
          {cue.loop && ', again and again'}
          {cue.volume < 100 && `, volume ${cue.volume}`}
        </span>
        {cue.note && <span class="conduct-note" dir="auto">{cue.note}</span>}
      </p>
      <button type="button" class="conduct-go" aria-label={`GO ${name}`} onClick={go}>GO</button>
    </li>
  );
}
