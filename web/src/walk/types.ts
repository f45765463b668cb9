// What the server says of a sound walk. Moments are µs of the server's time, positions in an asset whole milliseconds.

export interface Asset {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** Undefined while the server is still encoding it. */
  readonly file: AssetFile | undefined;
}

/** MP3 of a constant bit rate, without bit reservoir: frame n begins at n * 384. */
export interface AssetFile {
  readonly bytes: number;
  /** Hex. Names the content: another file has another. */
  readonly sha256: string;
  readonly rate: number;
  /** Samples of the source, and those that a decoder gives before the first of them. */
  readonly frames: number;
  readonly delay: number;
}

export interface Part {
  readonly name: string | null;
  readonly asset: string;
  readonly a: number;
  readonly b: number;
  /** 0 to 100. */
  readonly volume: number;
  readonly loop: boolean;
}

export interface SheetCue extends Part {
  readonly note: string;
}

export interface Live extends Part {
  readonly id: number;
  readonly start: number;
  readonly stop: { readonly at: number; readonly fadeMs: number } | null;
}

export interface LivePair {
  readonly now: Live | null;
  readonly next: Live | null;
}

export interface Message {
  readonly seq: number;
  readonly text: string;
  readonly at: number;
}

export interface Armed {
  readonly start: number;
  /** The name of its first cue, and its id; the others' follow. */
  readonly from: string;
  readonly id: number;
}

export interface WalkState {
  readonly title: string;
  readonly text: string;
  readonly welcome: string;
  readonly assets: readonly Asset[];
  readonly sheet: readonly SheetCue[];
  readonly live: LivePair;
  readonly messages: readonly Message[];
  readonly armed: Armed | null;
}

export const noWalk: WalkState = {
  title: '',
  text: '',
  welcome: '',
  assets: [],
  sheet: [],
  live: { now: null, next: null },
  messages: [],
  armed: null,
};
