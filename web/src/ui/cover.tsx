// The picture inside the file, or a drawn one: always square, never missing.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { DrawnCover } from './drawn_cover';

/** What of a track its picture follows from. */
export interface Pictured {
  readonly cover: string | null;
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly file: string;
}

export function Cover({ entry, name, eager = false }: { entry: Pictured | undefined; name: string; eager?: boolean }) {
  const broken = useSignal(false);
  const address = entry?.cover ?? null;
  useEffect(() => void (broken.value = false), [address]);
  return (
    <div class="cover">
      {address && !broken.value ? (
        <img
          key={address}
          src={address}
          alt=""
          decoding="async"
          loading={eager ? 'eager' : 'lazy'}
          draggable={false}
          onError={() => (broken.value = true)}
        />
      ) : (
        <DrawnCover text={entry ? `${entry.artist}\n${entry.album}\n${entry.title}\n${entry.file}` : name} />
      )}
    </div>
  );
}
