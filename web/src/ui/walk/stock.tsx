// Is everything here? A green light, or how far the download is, or what hinders it.

import { useWalk } from './context';
import { adriftWords, offlineWords, recalledWords, sizeText, troubleWords } from './words';

export function Stock() {
  const { walk, store, offline } = useWalk();
  const { assets } = walk.state.value;
  if (!walk.known.value) return null;
  const all = assets.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0);
  const have = assets.reduce((sum, asset) => sum + (asset.file ? store.of(asset).have : 0), 0);
  const preparing = assets.some(({ file }) => file === undefined);
  const trouble = store.trouble.value;
  return (
    <section class="walk-stock" aria-label="Download">
      <p class={`walk-light ${walk.ready.value ? 'ready' : ''}`} role="status">{lightWords(walk.ready.value, walk.stocked.value, walk.unlocked.value, preparing, walk.adrift.value)}</p>
      {!walk.stocked.value && all > 0 && (
        <>
          <div class="walk-bar" role="progressbar" aria-label="Download" aria-valuenow={Math.floor((have / all) * 100)}>
            <i style={{ inlineSize: `${(have / all) * 100}%` }} />
          </div>
          <p class="quiet">{have === all ? 'Checking…' : `${sizeText(have)} of ${sizeText(all)}`}</p>
        </>
      )}
      {walk.adrift.value && <p class="walk-trouble" role="alert">{adriftWords(walk.state.value.armed !== null)}</p>}
      {walk.recalled.value && walk.phase.value === 'lost' && <p class="quiet">{recalledWords(walk.uncertainty.value)}</p>}
      {trouble !== 'none' && (
        <p class="walk-trouble" role="alert">
          {troubleWords(trouble, all - have)}{' '}
          <button type="button" class="quiet-button" onClick={() => store.hurry()}>Try again</button>
        </p>
      )}
      <p class="quiet walk-offline">{offlineWords(offline.value)}</p>
    </section>
  );
}

function lightWords(ready: boolean, stocked: boolean, unlocked: boolean, preparing: boolean, adrift: boolean): string {
  if (ready) return 'Ready';
  if (stocked && unlocked && adrift) return 'No time without a network';
  if (stocked) return unlocked ? 'Finding the time…' : 'Everything is here';
  return preparing ? 'The server is still preparing the sound' : 'Fetching the sound';
}
