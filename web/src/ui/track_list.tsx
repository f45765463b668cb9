// The library's tracks, to choose one from: searched as one types.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Track } from '../api/tracks';
import { clockText, titleOf } from '../clock/format';
import { useTutti } from './context';
import { Cover } from './cover';
import { PageLink } from './page_link';
import { pages } from './views';

interface TrackListProps {
  /** The track that is on. */
  current: number | undefined;
  disabled?: boolean;
  onChoose: (track: Track) => void;
}

const restMs = 250;

export function TrackList({ current, disabled = false, onChoose }: TrackListProps) {
  const { library } = useTutti();
  const typed = useSignal(library.search.peek());
  useEffect(() => {
    if (library.phase.peek() !== 'ready') void library.find(typed.peek());
  }, []);
  useEffect(() => {
    if (typed.value === library.search.peek()) return;
    const timer = setTimeout(() => void library.find(typed.value), restMs);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <section class="stations" id="tracks" aria-labelledby="tracks-title" tabIndex={-1}>
      <div class="stations-head">
        <h2 id="tracks-title">The library</h2>
        <label class="search">
          <span class="visually-hidden">Find a track</span>
          <input type="search" placeholder="Find a track" value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
        </label>
      </div>
      <ul class="tracks">
        {library.tracks.value.map((track) => (
          <Row key={track.id} track={track} on={track.id === current} disabled={disabled} onChoose={onChoose} />
        ))}
      </ul>
      <State />
    </section>
  );
}

function Row({ track, on, disabled, onChoose }: { track: Track; on: boolean; disabled: boolean; onChoose: (track: Track) => void }) {
  return (
    <li>
      <button type="button" class="track" aria-current={on || undefined} disabled={disabled} onClick={() => onChoose(track)}>
        <Cover entry={track} name={titleOf(track)} />
        <span class="two-lines">
          <span class="line-title" dir="auto">{titleOf(track)}</span>
          <span class="line-artist" dir="auto">{[track.artist, track.album].filter(Boolean).join(' — ') || '\u00a0'}</span>
        </span>
        <span class="when">{clockText(track.duration)}</span>
      </button>
    </li>
  );
}

function State() {
  const { library } = useTutti();
  switch (library.phase.value) {
    case 'asking':
      return <p class="quiet" role="status">Looking through the library…</p>;
    case 'failed':
      return (
        <p class="quiet" role="alert">
          The list of tracks could not be loaded.{' '}
          <button type="button" class="link" onClick={() => void library.find(library.search.peek())}>Try again</button>
        </p>
      );
    case 'denied':
      return <p class="quiet" role="alert">The library is for those who are signed in. <PageLink href={pages.login} class="link">Sign in</PageLink></p>;
    case 'ready':
      if (library.tracks.value.length === 0) return <p class="quiet" role="status">No track sounds like that.</p>;
      if (library.next.value === undefined) return null;
      return <button type="button" class="quiet-button" onClick={() => void library.more()}>Show more</button>;
  }
}
