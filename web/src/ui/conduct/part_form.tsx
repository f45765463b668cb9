import { useSignal } from '@preact/signals';
import { letGo, useConduct } from './context';

/** Any part of any asset, by numbers. */
export function PartForm() {
  const { conduct } = useConduct();
  const { assets } = conduct.state.value;
  const [chosen, from, to] = [useSignal(''), useSignal(''), useSignal('')];
  const asset = assets.find(({ id }) => id === chosen.value) ?? assets[0];
  if (!asset) return null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    conduct.goPart(asset.id, from.value, to.value);
  };
  return (
    <form class="conduct-form" aria-label="Play a part" onSubmit={submit}>
      <h2>A part</h2>
      {assets.length > 1 && (
        <label>
          <span>Of</span>
          <select value={asset.id} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            {assets.map(({ id, title }) => <option key={id} value={id}>{title || id}</option>)}
          </select>
        </label>
      )}
      <div class="conduct-fields">
        <Seconds name="From (s)" value={from.value} onInput={(typed) => (from.value = typed)} />
        <Seconds name="To (s)" value={to.value} onInput={(typed) => (to.value = typed)} />
        <button type="submit" class="conduct-go" aria-label="GO this part" onClick={letGo}>GO</button>
      </div>
      {asset.file && <p class="quiet">{asset.title || asset.id} has {(asset.file.frames / asset.file.rate).toFixed(3)} s.</p>}
    </form>
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
