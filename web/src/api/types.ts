// The values of the HTTP API (docs/api.md). Times are whole microseconds on the server's clock.

export type StationStatus = 'on_air' | 'empty' | 'scanning';

export interface Entry {
  readonly trackId: number;
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly file: string;
  /** Address of the cover, or null where the file has none. */
  readonly cover: string | null;
  readonly startsAt: number;
  readonly duration: number;
}

export interface Station {
  readonly route: string;
  readonly name: string;
  /** Address of the stream, and of the page when a browser opens it. */
  readonly url: string;
  readonly status: StationStatus;
  /** Each listener hears tracks of their own; then `entries` are somebody's. */
  readonly individual: boolean;
  readonly listeners: number;
  readonly bitrate: number;
  /** Consecutive, oldest first. */
  readonly entries: readonly Entry[];
}

export interface LibraryState {
  readonly tracks: number;
  readonly problems: number;
  readonly scanning: boolean;
  readonly scanned: number;
  readonly found: number;
}

export interface StationsAnswer {
  readonly serverTime: number;
  readonly library: LibraryState;
  readonly stations: readonly Station[];
}

export interface ListenerAnswer {
  readonly route: string;
  readonly firstSampleAt: number;
  readonly serverTime: number;
  readonly skipped: number;
  /** Of an individual station: what this listener hears, heard, and will hear next. */
  readonly entries?: readonly Entry[] | undefined;
}

export interface Problem {
  readonly path: string;
  readonly reason: string;
}
