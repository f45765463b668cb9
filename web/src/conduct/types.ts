// What a conductor is told beyond the walk's state: who takes part, what happens, and the lead.

export interface Ack {
  readonly cue: number;
  /** µs; null: heard of, and not begun, or it cannot be measured. */
  readonly startError: number | null;
  readonly late: number;
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: 'phone' | 'app' | 'speaker';
  readonly connected: boolean;
  readonly ready: boolean;
  readonly unlocked: boolean;
  readonly hidden: boolean;
  /** By the id of the asset, in bytes. */
  readonly have: ReadonlyMap<string, number>;
  /** µs; null: not told. */
  readonly clock: number | null;
  readonly latency: number | null;
  readonly correction: number | null;
  /** 0 to 1. */
  readonly battery: number | null;
  readonly network: string | null;
  readonly ack: Ack | null;
}

export interface WalkEvent {
  /** µs of the server's time. */
  readonly at: number;
  /** ms by the calendar; null: not told. */
  readonly wall: number | null;
  readonly kind: string;
  readonly participant: string | null;
  readonly latencyMs: number | null;
  /** Of a conductor's order: who, and what. */
  readonly text: string;
}

/** Who has edited the walk last. */
export interface Edit {
  readonly revision: number;
  /** Empty: nobody has, it is as walk.toml has it. */
  readonly editor: string;
}

/** What a conductor is told of the walk and a phone need not know; undefined: nothing new. */
export interface Extras {
  readonly lead?: Lead | undefined;
  readonly edit?: Edit | undefined;
  readonly languages?: readonly string[] | undefined;
  /** The cue of the sheet that was told last; null: none yet. */
  readonly reached?: string | null | undefined;
}

/** ms. */
export interface Lead {
  readonly chosen: number;
  /** Null: no phone has told its latency. */
  readonly measured: number | null;
  /** Null: as measured. */
  readonly manual: number | null;
}
