// How many samples the next piece takes, so that it ends where it should. Pure.

export interface Pace {
  /** Samples for the frames of the piece. */
  readonly taken: number;
  readonly correcting: boolean;
}

export interface PaceSettings {
  /** Errors in samples: correction begins above the first and ends below the second. */
  readonly begin: number;
  readonly end: number;
  /** Of the pace: heard by nobody. */
  readonly most: number;
  /** Frames within which an error is gone, where `most` allows it. */
  readonly horizon: number;
}

export const usualPace: PaceSettings = { begin: 12, end: 2, most: 0.002, horizon: 72_000 };

/**
 * `error`: samples by which the piece's first one is ahead of where it should be; `due`: samples that the timeline goes on
 * during its `frames`. Samples are copied as they are for as long as the error is too small to be heard.
 */
export function paceOf(error: number, due: number, frames: number, correcting: boolean, settings: PaceSettings = usualPace): Pace {
  const now = Math.abs(error) > (correcting ? settings.end : settings.begin);
  if (!now) return { taken: frames, correcting: false };
  const left = error * Math.max(0, 1 - frames / settings.horizon);
  const wanted = Math.round(due - error + left) - frames;
  const most = Math.max(1, Math.floor(frames * settings.most));
  return { taken: frames + Math.min(most, Math.max(-most, wanted)), correcting: true };
}
