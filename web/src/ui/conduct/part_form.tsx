import { useEffect } from 'preact/hooks';
import { secondsText } from '../../conduct/read';
import type { Asset } from '../../walk/types';
import { letGo, useConduct } from './context';
import { Plain } from './plain';
import { Wave } from './wave';

/** Any part of any asset, by dragging or by numbers. */
export function PartForm() {
  const { conduct, picked } = useConduct();
  const { assets } = conduct.state.value;
  const asset = picked.asset.value;
  if (!asset) return null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    conduct.goPart(asset.id, picked.from.peek(), picked.to.peek());
  };
  return (
    <form class="conduct-form" aria-label="Play a part" onSubmit={submit}>
      <div class="conduct-title">
        <h2>A part</h2>
        {asset.file && <Zoom />}
      </div>
      {assets.length > 1 && (
        <label>
          <span>Of</span>
          <select value={asset.id} onChange={(event) => picked.choose(event.currentTarget.value)}>
            {assets.map(({ id, title }) => <option key={id} value={id}>{title || id}</option>)}
          </select>
        </label>
      )}
      {asset.file ? <Wave asset={asset} /> : <p class="quiet">{asset.title || asset.id} is still being prepared.</p>}
      <div class="conduct-fields">
        <Seconds name="From (s)" value={picked.from.value} onInput={(typed) => (picked.from.value = typed)} />
        <Seconds name="To (s)" value={picked.to.value} onInput={(typed) => (picked.to.value = typed)} />
        <button type="submit" class="conduct-go" aria-label="GO this part" onClick={letGo}>GO</button>
      </div>
      <Own asset={asset} />
    </form>
  );
}

function Zoom() {
  const { picked } = useConduct();
  const isWhole = picked.isWhole.value;
  return (
    <div class="conduct-zoom" role="group" aria-label="Zoom">
      <Plain label="Closer" onPress={() => picked.zoom(0.4)}>+</Plain>
      <Plain label="Further" disabled={isWhole} onPress={() => picked.zoom(2.5)}>−</Plain>
      <Plain disabled={!picked.part.value} label="To the part" onPress={() => picked.zoomToPart()}>Part</Plain>
      <Plain disabled={isWhole} onPress={() => picked.showAll()}>All</Plain>
    </div>
  );
}

/** What nobody else hears or sees yet. */
function Own({ asset }: { asset: Asset }) {
  const { editing, picked, preview } = useConduct();
  const part = picked.part.value;
  const sounds = preview.at.value !== undefined;
  useEffect(() => () => preview.stop(), [asset.id]);
  return (
    <>
      <div class="conduct-fields">
        <Plain disabled={!sounds && (!part || !asset.file)} pressed={sounds} onPress={() => (sounds || !part ? preview.stop() : void preview.play(asset, part.a, part.b))}>
          {sounds ? 'Silent' : 'Only here'}
        </Plain>
        <Plain disabled={!part} onPress={() => part && editing.add(asset.id, part)}>Add as a cue</Plain>
        <p class="quiet conduct-length" aria-live="off">{part ? `${secondsText(part.b - part.a)} s long` : 'Drag over the sound to pick a part.'}</p>
      </div>
      {preview.problem.value && <p class="problem" role="alert">{preview.problem.value}</p>}
    </>
  );
}

export function Seconds({ name, value, onInput }: { name: string; value: string; onInput: (typed: string) => void }) {
  return (
    <label>
      <span>{name}</span>
      <input type="text" inputMode="decimal" autoComplete="off" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}
