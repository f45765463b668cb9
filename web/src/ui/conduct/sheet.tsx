import { secondsText } from '../../conduct/read';
import type { SheetCue } from '../../walk/types';
import { useConduct } from './context';
import { Plain } from './plain';
import { SheetEditor } from './sheet_editor';

/** The cues in order, each with its GO; or, while somebody edits them, as they would be. */
export function Sheet() {
  const { conduct, editing } = useConduct();
  const { sheet, assets, armed } = conduct.state.value;
  if (sheet.length === 0 && assets.length === 0) return null;
  const edits = editing.sheet.form.value !== undefined;
  return (
    <section aria-label="Cues">
      <div class="conduct-title">
        <h2>Cues</h2>
        {!edits && <Plain label="Edit the cues" disabled={armed !== null} onPress={() => editing.sheet.begin()}>Edit</Plain>}
      </div>
      {edits ? <SheetEditor /> : <Lines sheet={sheet} />}
    </section>
  );
}

function Lines({ sheet }: { sheet: readonly SheetCue[] }) {
  const { conduct } = useConduct();
  const next = conduct.next.value;
  const live = conduct.heard.value?.cue.name;
  if (sheet.length === 0) return <p class="quiet">None yet. Pick a part of the sound, and add it as a cue.</p>;
  return (
    <ol class="conduct-sheet">
      {sheet.map((cue) => <Line key={cue.name} cue={cue} mark={cue.name === live ? 'live' : cue === next ? 'next' : ''} />)}
    </ol>
  );
}

function Line({ cue, mark }: { cue: SheetCue; mark: 'live' | 'next' | '' }) {
  const { conduct } = useConduct();
  const name = cue.name ?? '';
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
      <Plain kind="go" label={`GO ${name}`} onPress={() => conduct.go(name)}>GO</Plain>
    </li>
  );
}
