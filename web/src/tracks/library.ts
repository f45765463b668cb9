// The tracks of the library, as far as they have been asked for: those that match what is searched, page by page, and
// single ones by their number.

import { batch, signal } from '@preact/signals';
import type { Track, TrackPage } from '../api/tracks';

export interface LibraryPorts {
  /** Those that match, all without words, from the `offset`th. */
  fetchPage(search: string, offset: number): Promise<TrackPage>;
  /** Null: the library has no such track. */
  fetchTrack(id: number): Promise<Track | null>;
}

/** `denied`: only for those who are signed in. */
export type LibraryPhase = 'asking' | 'ready' | 'failed' | 'denied';

export class Library {
  readonly search = signal('');
  readonly tracks = signal<readonly Track[]>([]);
  readonly phase = signal<LibraryPhase>('asking');
  /** There are more than those shown. */
  readonly next = signal<number | undefined>(undefined);
  /** Every track that was ever told, by its number; null: there is none. */
  readonly known = signal<ReadonlyMap<number, Track | null>>(new Map());

  private turn = 0;
  private readonly asked = new Set<number>();

  constructor(private readonly ports: LibraryPorts) {}

  find(search: string): Promise<void> {
    this.search.value = search;
    return this.ask(0);
  }

  more(): Promise<void> {
    const next = this.next.peek();
    return next === undefined ? Promise.resolve() : this.ask(next);
  }

  /** Undefined until it is known; asks for it if need be. */
  track(id: number): Track | null | undefined {
    const track = this.known.value.get(id);
    if (track === undefined && !this.asked.has(id)) {
      this.asked.add(id);
      this.ports.fetchTrack(id).then(
        (found) => this.learn([[id, found]]),
        () => this.asked.delete(id),
      );
    }
    return track;
  }

  /** The one `steps` further in the list that is shown. */
  beside(id: number, steps: number): Track | undefined {
    const at = this.tracks.value.findIndex((track) => track.id === id);
    return at < 0 ? undefined : this.tracks.value[at + steps];
  }

  private async ask(offset: number): Promise<void> {
    const turn = (this.turn += 1);
    if (offset === 0 && !this.tracks.peek().length) this.phase.value = 'asking';
    try {
      const page = await this.ports.fetchPage(this.search.peek().trim(), offset);
      if (turn !== this.turn) return;
      batch(() => {
        this.tracks.value = offset === 0 ? page.tracks : [...this.tracks.peek(), ...page.tracks];
        this.next.value = page.next;
        this.phase.value = 'ready';
        this.learn(page.tracks.map((track) => [track.id, track]));
      });
    } catch (error) {
      if (turn !== this.turn) return;
      this.phase.value = error instanceof Error && error.name === 'SignInNeeded' ? 'denied' : 'failed';
    }
  }

  private learn(tracks: readonly (readonly [number, Track | null])[]): void {
    this.known.value = new Map([...this.known.peek(), ...tracks]);
  }
}
