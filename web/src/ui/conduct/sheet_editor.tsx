// The sheet while somebody edits it: nothing of it is anybody else's before it is saved.

import { useSignal } from '@preact/signals';
import type { DraftCue } from '../../conduct/draft';
import { useConduct } from './context';
import { Seconds } from './part_form';
import { Plain } from './plain';
import { SaveBar } from './save_bar';

export function SheetEditor() {
  const { editing } = useConduct();
  const cues = editing.sheet.form.value ?? [];
  return (
    <div class="conduct-form">
      <ol class="conduct-drafts">
        {cues.map((cue, n) => <Row key={cue.key} cue={cue} n={n} last={n === cues.length - 1} />)}
      </ol>
      {cues.length === 0 && <p class="quiet">No cues. Pick a part of the sound, and add it as a cue.</p>}
      <SaveBar draft={editing.sheet} what="the cues" />
    </div>
  );
}

function Row({ cue, n, last }: { cue: DraftCue; n: number; last: boolean }) {
  const { editing, picked } = useConduct();
  const open = editing.open.value === cue.key;
  const name = cue.name.trim() || `cue ${n + 1}`;
  const toggle = () => {
    editing.open.value = open ? undefined : cue.key;
    const [a, b] = [Number(cue.from) * 1000, Number(cue.to) * 1000];
    if (!open && a < b) picked.take({ asset: cue.asset, a: Math.round(a), b: Math.round(b) });
  };
  return (
    <li class={open ? 'open' : ''}>
      <div class="conduct-draft">
        <Plain label={`Move ${name} up`} disabled={n === 0} onPress={() => editing.move(cue.key, -1)}>↑</Plain>
        <Plain label={`Move ${name} down`} disabled={last} onPress={() => editing.move(cue.key, 1)}>↓</Plain>
        <button type="button" class="conduct-opens" aria-expanded={open} aria-label={`Edit ${name}`} onClick={toggle}>
          <strong dir="auto">{name}</strong>
          <span class="quiet">{cue.asset} {cue.from}–{cue.to} s</span>
        </button>
      </div>
      {open && <Fields cue={cue} name={name} />}
    </li>
  );
}

function Fields({ cue, name }: { cue: DraftCue; name: string }) {
  const { editing, picked } = useConduct();
  const change = (changes: Partial<DraftCue>) => editing.change(cue.key, changes);
  const part = picked.part.value;
  const asset = picked.asset.value;
  const differs = part && asset && (picked.from.value !== cue.from || picked.to.value !== cue.to || asset.id !== cue.asset);
  return (
    <div class="conduct-form">
      <div class="conduct-fields">
        <label class="wide">
          <span>Name</span>
          <input type="text" autoComplete="off" dir="auto" maxLength={100} value={cue.name} onInput={(event) => change({ name: event.currentTarget.value })} />
        </label>
      </div>
      <div class="conduct-fields">
        <Seconds name="Begins at (s)" value={cue.from} onInput={(from) => change({ from })} />
        <Seconds name="Ends at (s)" value={cue.to} onInput={(to) => change({ to })} />
        <Plain disabled={!differs} onPress={() => asset && change({ asset: asset.id, from: picked.from.peek(), to: picked.to.peek() })}>As picked</Plain>
      </div>
      <label class="wide">
        <span>Note, for conductors</span>
        <input type="text" autoComplete="off" dir="auto" maxLength={1000} value={cue.note} onInput={(event) => change({ note: event.currentTarget.value })} />
      </label>
      <div class="conduct-fields">
        <label class="wide">
          <span>Volume: {cue.volume}</span>
          <input type="range" min="0" max="100" value={cue.volume} style={{ '--filled': `${cue.volume}%` }} onInput={(event) => change({ volume: event.currentTarget.valueAsNumber })} />
        </label>
        <label class="conduct-check">
          <input type="checkbox" checked={cue.loop} onChange={(event) => change({ loop: event.currentTarget.checked })} />
          <span>Again and again</span>
        </label>
      </div>
      <Delete name={name} onDelete={() => editing.remove(cue.key)} />
    </div>
  );
}

function Delete({ name, onDelete }: { name: string; onDelete: () => void }) {
  const asked = useSignal(false);
  return asked.value ? (
    <div class="conduct-fields" role="group" aria-label={`Delete ${name}?`}>
      <p class="conduct-length">Delete <b dir="auto">{name}</b>?</p>
      <Plain kind="stop" onPress={onDelete}>Delete it</Plain>
      <Plain onPress={() => (asked.value = false)}>Keep it</Plain>
    </div>
  ) : (
    <div class="conduct-fields">
      <Plain label={`Delete ${name}`} onPress={() => (asked.value = true)}>Delete…</Plain>
    </div>
  );
}
