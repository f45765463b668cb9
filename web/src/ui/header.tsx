import { useSignal } from '@preact/signals';
import { count, scanText } from '../clock/format';
import { useRadio } from './context';
import { Mark } from './icons';
import { Nav } from './nav';
import { Problems } from './problems';

export function Header() {
  return (
    <header class="header">
      <a class="brand" href="/" aria-label="Tutti, start page">
        <Mark />
        <span>tutti</span>
      </a>
      <Nav />
      <LibraryLine />
    </header>
  );
}

function LibraryLine() {
  const library = useRadio().answer.value?.library;
  const open = useSignal(false);
  if (!library) return null;
  const done = library.found > 0 ? library.scanned / library.found : 0;
  return (
    <div class="library" role="group" aria-label="Library">
      {library.scanning ? (
        <span class="scan">
          <span class="scan-bar" aria-hidden="true">
            <span style={{ transform: `scaleX(${Math.min(1, done)})` }} />
          </span>
          {scanText(library.scanned, library.found)}
        </span>
      ) : (
        <span>{count(library.tracks, 'track')}</span>
      )}
      {library.problems > 0 && (
        <button type="button" class="link" aria-haspopup="dialog" onClick={() => (open.value = true)}>
          {count(library.problems, 'problem')}
        </button>
      )}
      {open.value && <Problems onClose={() => (open.value = false)} />}
    </div>
  );
}
