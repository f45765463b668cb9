// One user's player, the same on all devices: which track, where in it as of when, playing or not. Pure. Times are
// milliseconds since 1970, positions milliseconds from the track's beginning.

export interface PlayerState {
  readonly trackId: number;
  readonly fromIs: string | undefined;
  readonly fromIsId: number | undefined;
  readonly onPause: boolean;
  readonly position: number;
  /** When `position` was true. */
  readonly at: number;
  /** Counts the updates of this user's player. */
  readonly revision: number;
  /** Where the library knows it. */
  readonly length: number | undefined;
}

export type Change =
  | {
      readonly type: 'new_track';
      readonly trackId: number;
      readonly fromIs?: string | undefined;
      readonly fromIsId?: number | undefined;
      readonly position?: number | undefined;
      /** Only in what the server tells at first: the whole state. */
      readonly onPause?: boolean | undefined;
      readonly revision?: number | undefined;
      readonly length?: number | undefined;
    }
  | { readonly type: 'on_pause' }
  | { readonly type: 'off_pause' }
  | { readonly type: 'change_position'; readonly position: number };

export interface Update {
  readonly change: Change;
  readonly at: number;
}

export function positionAt(state: PlayerState, now: number): number {
  const elapsed = state.onPause ? 0 : Math.max(0, now - state.at);
  return Math.min(Math.max(0, state.position + elapsed), state.length ?? Infinity);
}

/** True once a playing track has reached its end. */
export function hasEnded(state: PlayerState, now: number): boolean {
  return !state.onPause && state.length !== undefined && positionAt(state, now) >= state.length;
}

/** Without a state only a new track makes one. */
export function applyUpdate(state: PlayerState | undefined, { change, at }: Update): PlayerState | undefined {
  const revision = (state?.revision ?? 0) + 1;
  if (change.type === 'new_track') {
    return {
      trackId: change.trackId,
      fromIs: change.fromIs ?? state?.fromIs,
      fromIsId: change.fromIsId ?? state?.fromIsId,
      onPause: change.onPause ?? false,
      position: Math.max(0, change.position ?? 0),
      at,
      revision: change.revision ?? revision,
      length: change.length,
    };
  }
  if (!state) return undefined;
  switch (change.type) {
    case 'on_pause':
      return state.onPause ? { ...state, revision } : { ...state, onPause: true, position: positionAt(state, at), at, revision };
    case 'off_pause':
      return state.onPause ? { ...state, onPause: false, at, revision } : { ...state, revision };
    case 'change_position':
      return { ...state, position: Math.max(0, change.position), at, revision };
  }
}
