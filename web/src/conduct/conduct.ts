// The conductor's page: ties the line, the server's clock and what is shown together. What an order did is never guessed
// here: it is seen when the server says it, as it is on the pages of the other conductors.

import { batch, computed, signal } from '@preact/signals';
import type { LineSocket } from '../api/line';
import type { Answered } from '../api/request';
import { spanAt, spansOf, type Span } from '../walk/cues';
import { ServerTimeKeeper } from '../walk/keeper';
import { applyWalk } from '../walk/parse';
import { noWalk, type SheetCue, type WalkState } from '../walk/types';
import { readStart } from './arming';
import { countsOf, isOrder, sorted } from './board';
import { ConductLink, type LinePhase, type Refused } from './link';
import { parseLog, type Said } from './parse';
import { readMessage, readPart, readSeconds, type Typed } from './read';
import type { Edit, Extras, Lead, Row, WalkEvent } from './types';

export interface ConductPorts {
  openSocket(): LineSocket;
  /** GET of /api/v1/walk/log, which only those may ask who may conduct. Rejects when the server is away. */
  fetchLog(): Promise<Answered>;
  /** µs of the page's clock, which never jumps. */
  now(): number;
  /** ms by the calendar. */
  date(): number;
  random?(): number;
}

export interface Refusal {
  readonly text: string;
  /** Another number for each, so that the same words are read out again. */
  readonly number: number;
}

/** As many events as the server keeps. */
const mostEvents = 10_000;
/** µs: who presses "next" twice within it has a nervous finger, and did not mean to leave out a cue. */
const nervous = 800_000;

export class Conduct {
  readonly phase = signal<LinePhase>('off');
  readonly state = signal<WalkState>(noWalk);
  readonly known = signal(false);
  readonly lead = signal<Lead | undefined>(undefined);
  readonly edit = signal<Edit>({ revision: 0, editor: '' });
  readonly languages = signal<readonly string[]>([]);
  readonly events = signal<readonly WalkEvent[]>([]);
  readonly refused = signal<Refusal | undefined>(undefined);
  /** The server's time, by a few ticks a second; undefined until it is known. */
  readonly time = signal<number | undefined>(undefined);
  readonly heard = signal<Span | undefined>(undefined);
  readonly coming = signal<Span | undefined>(undefined);
  /** The name of the sheet's cue that was told last. */
  private readonly reached = signal<string | undefined>(undefined);
  private readonly seated = signal<ReadonlyMap<string, Row>>(new Map());

  readonly rows = computed(() => sorted(this.seated.value.values()));
  readonly counts = computed(() => countsOf(this.rows.value));
  /** What was done last, by anybody. */
  readonly lastOrder = computed(() => this.events.value.filter(isOrder).at(-1));
  readonly next = computed<SheetCue | undefined>(() => {
    const { sheet } = this.state.value;
    return sheet[sheet.findIndex(({ name }) => name === this.reached.value) + 1];
  });

  private readonly link: ConductLink;
  private readonly keeper = new ServerTimeKeeper();
  private spans: readonly Span[] = [];
  private isFirst = true;
  private wentOnAt = -Infinity;
  private refusals = 0;

  constructor(private readonly ports: ConductPorts) {
    this.link = new ConductLink({
      openSocket: ports.openSocket,
      admission: () => this.admission(),
      now: ports.now,
      onPhase: (phase) => this.onPhase(phase),
      onSaid: (said) => batch(() => this.take(said)),
      onExchange: (exchange) => this.keeper.add(exchange),
      interval: () => this.keeper.interval(),
      random: ports.random,
    });
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
  }

  hurry(): void {
    this.link.hurry();
  }

  nameOf(id: string): string {
    return this.seated.peek().get(id)?.name || id;
  }

  /** Some times a second. */
  tick(): void {
    const time = this.keeper.decided ? this.keeper.time?.toServer(this.ports.now()) : undefined;
    batch(() => {
      this.time.value = time;
      this.heard.value = time === undefined ? undefined : spanAt(this.spans, time);
      this.coming.value = time === undefined ? undefined : this.spans.find(({ from }) => from > time);
      // What runs by itself is told once, before it begins.
      if (this.state.peek().armed) this.reach(this.heard.peek()?.cue.name);
    });
  }

  go(name: string): boolean {
    return this.order('cue', { name });
  }

  goNext(): boolean {
    const cue = this.next.peek();
    if (!cue?.name) return this.refuse('The sheet has no further cue.');
    const now = this.ports.now();
    if (now - this.wentOnAt < nervous) return this.refuse('Twice within a second: only the first was sent.');
    if (!this.go(cue.name)) return false;
    this.wentOnAt = now;
    return true;
  }

  goPart(asset: string, from: string, to: string): boolean {
    return this.typed(readPart(from, to), (part) => this.order('cue', { asset, ...part }));
  }

  /** Silence, after fading for so many seconds. */
  silence(fade: string): boolean {
    return this.typed(readSeconds(fade || '0', 'Fade'), (s) => this.order('stop', { fade_ms: Math.round(s * 1000) }));
  }

  say(message: string): boolean {
    return this.typed(readMessage(message), (text) => this.order('message', { text }));
  }

  setLead(seconds: string): boolean {
    return this.typed(readSeconds(seconds, 'Lead'), (s) => this.order('lead', { lead_ms: Math.round(s * 1000) }));
  }

  leadAsMeasured(): boolean {
    return this.order('lead', { lead_ms: null });
  }

  /** The sheet runs by itself from a cue on, from a time of day on; nothing typed: at once. */
  arm(from: string, start: string): boolean {
    return this.typed(readStart(start, this.ports.date(), this.time.peek()), (at) => this.order('arm', { from, ...(at === undefined ? {} : { start: at }) }));
  }

  disarm(): boolean {
    return this.order('arm', { armed: false });
  }

  private typed<T>(typed: Typed<T>, act: (value: T) => boolean): boolean {
    return 'wrong' in typed ? this.refuse(`${typed.wrong}. Nothing was sent.`) : act(typed.value);
  }

  private order(verb: string, body: Record<string, unknown>): boolean {
    if (!this.link.order(verb, body)) return this.refuse('Not connected: nothing was sent.');
    this.refused.value = undefined;
    return true;
  }

  private refuse(text: string): false {
    this.refusals += 1;
    this.refused.value = { text, number: this.refusals };
    return false;
  }

  private async admission(): Promise<Refused | undefined> {
    const { status } = await this.ports.fetchLog();
    if (status === 401) return 'signed_out';
    if (status === 403) return 'not_allowed';
    if (status === 404) return 'no_walk';
    if (status !== 200) throw new Error(`the server answered ${status}`);
    return undefined;
  }

  private onPhase(phase: LinePhase): void {
    this.phase.value = phase;
    if (phase !== 'open') return this.keeper.disconnected();
    this.isFirst = true;
    this.keeper.connected();
    void this.loadLog();
  }

  /** What has happened before this page, or while it was away; what it is told meanwhile stays behind that. */
  private async loadLog(): Promise<void> {
    const told = this.events.peek().length;
    const answered = await this.ports.fetchLog().catch(() => undefined);
    if (answered?.status !== 200) return;
    const before = parseLog(answered.json);
    const newest = before.at(-1)?.at ?? -Infinity;
    const meanwhile = this.events.peek().slice(told).filter(({ at }) => at > newest);
    this.events.value = [...before, ...meanwhile];
  }

  private take(said: Said): void {
    if (said.type === 'walk') this.enter(said.delta, said.extras);
    if (said.type === 'participants') this.seat(said.rows);
    if (said.type === 'event') this.note(said.event);
    if (said.type === 'error') this.refuse(said.message);
  }

  private enter(delta: unknown, { lead, edit, languages, reached }: Extras): void {
    const first = this.isFirst;
    this.isFirst = false;
    // The server may have been started anew: all rows come again, and those that do not are nobody's.
    if (first) this.seated.value = new Map();
    const state = applyWalk(first ? noWalk : this.state.peek(), delta, (reason) => console.warn(`walk: ${reason}`));
    this.state.value = state;
    this.known.value = true;
    if (lead) this.lead.value = lead;
    if (edit) this.edit.value = edit;
    if (languages) this.languages.value = languages;
    this.spans = spansOf(state);
    this.reach(reached);
    this.tick();
  }

  /** A part that is not of the sheet leaves the place in it, and so does a cue that is gone from it. */
  private reach(name: string | null | undefined): void {
    if (name && this.state.peek().sheet.some((cue) => cue.name === name)) this.reached.value = name;
  }

  private seat(rows: readonly Row[]): void {
    this.seated.value = new Map([...this.seated.peek(), ...rows.map((row) => [row.id, row] as const)]);
  }

  private note(event: WalkEvent): void {
    const dated = event.wall === null ? { ...event, wall: this.ports.date() } : event;
    this.events.value = [...this.events.peek(), dated].slice(-mostEvents);
  }
}
