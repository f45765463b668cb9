// Sound that is arriving: what the scheduler reads from, whatever it came as. Positions are frames from its beginning.

/** One array per channel, all of the same length. */
export type Sound = readonly Float32Array<ArrayBuffer>[];

export interface Source {
  /** Frames per second. */
  readonly rate: number;
  /** The first frame that can still be read. */
  readonly begin: number;
  /** Frames that have arrived, whether they are decoded or not. */
  readonly arrived: number;
  /** Bytes kept of what has arrived. */
  readonly held: number;
  /** Where the sound ends; undefined until that is certain. */
  readonly end: number | undefined;
  /** Its length as far as anything tells it. */
  readonly expected: number | undefined;

  /** How many frames from `from` on can be read at once. May begin to make more ready; `onMore` tells when. */
  ready(from: number): number;
  /** At most `most` frames; fewer, or none, where no more are ready. */
  read(from: number, most: number): Sound;
  /** Lets go of what lies before, when there is too much. */
  forgetBefore(frame: number): void;
  onMore: () => void;
}

export function lengthOf(sound: Sound): number {
  return sound[0]?.length ?? 0;
}
