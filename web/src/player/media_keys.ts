// The lock screen, headset buttons and media keys.

export interface MediaKeyActions {
  listen(): void;
  stop(): void;
  previous(): void;
  next(): void;
}

export function bindMediaKeys(actions: MediaKeyActions): void {
  if (!('mediaSession' in navigator)) return;
  const bindings: [MediaSessionAction, () => void][] = [
    ['play', () => actions.listen()],
    ['pause', () => actions.stop()],
    ['stop', () => actions.stop()],
    ['previoustrack', () => actions.previous()],
    ['nexttrack', () => actions.next()],
  ];
  for (const [action, handler] of bindings) {
    try {
      navigator.mediaSession.setActionHandler(action, handler);
    } catch {
      // This browser does not know the action.
    }
  }
}

export interface NowPlaying {
  readonly title: string;
  readonly artist: string;
  readonly station: string;
  readonly cover: string | null;
}

let shown = '';

export function showOnLockScreen(playing: NowPlaying | undefined): void {
  if (!('mediaSession' in navigator)) return;
  const wanted = JSON.stringify(playing ?? null);
  if (wanted === shown) return;
  shown = wanted;
  navigator.mediaSession.playbackState = playing ? 'playing' : 'none';
  navigator.mediaSession.metadata = playing
    ? new MediaMetadata({
        title: playing.title,
        artist: playing.artist,
        album: playing.station,
        artwork: playing.cover ? [{ src: new URL(playing.cover, location.href).href }] : [],
      })
    : null;
}
