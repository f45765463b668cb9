// A conductor's own changes to the walk until they are saved: the sheet, or what the walk says of itself. What somebody
// else has saved meanwhile is never overwritten unseen: the server refuses by the revision that the draft was made from.

import { computed, signal } from '@preact/signals';
import { errorText, type Answered } from '../api/request';
import type { SheetCue } from '../walk/types';
import { readPart, secondsText } from './read';

export interface DraftCue {
  /** Of this draft only, so that a row stays the same while it is renamed and moved. */
  readonly key: number;
  readonly name: string;
  readonly asset: string;
  /** As typed, in seconds. */
  readonly from: string;
  readonly to: string;
  readonly volume: number;
  readonly loop: boolean;
  readonly note: string;
}

export interface About {
  readonly title: string;
  readonly text: string;
  readonly welcome: string;
  readonly languages: readonly string[];
}

/** What the server has, and by whom it was edited last. */
export interface Original<T> {
  readonly value: T;
  readonly revision: number;
  readonly editor: string;
}

export interface DraftPorts<T> {
  original(): Original<T>;
  /** Rejects when the server is away. */
  save(value: T, revision: number): Promise<Answered>;
}

const away = 'The server does not answer: nothing was saved. Your changes are still here.';

/** `Form` is what is edited, `Kept` what the server keeps. */
export class Draft<Form, Kept> {
  readonly form = signal<Form | undefined>(undefined);
  readonly problem = signal('');
  readonly busy = signal(false);
  /** Something would be lost with the page. */
  isDirty = false;
  private base: Original<Kept> | undefined;

  /** Somebody else has saved something else since this was begun; their name. */
  readonly overtaken = computed<string | undefined>(() => {
    if (this.form.value === undefined || !this.base) return undefined;
    const now = this.ports.original();
    return same(now.value, this.base.value) ? undefined : now.editor || 'walk.toml';
  });

  constructor(
    private readonly ports: DraftPorts<Kept>,
    private readonly formOf: (kept: Kept) => Form,
    private readonly keptOf: (form: Form) => { readonly value: Kept } | { readonly wrong: string },
  ) {}

  /** Nothing where it is begun already. */
  begin(): void {
    if (this.form.peek() !== undefined) return;
    this.base = this.ports.original();
    this.problem.value = '';
    this.form.value = this.formOf(this.base.value);
  }

  change(change: (form: Form) => Form): void {
    this.begin();
    this.isDirty = true;
    this.form.value = change(this.form.peek()!);
  }

  discard(): void {
    this.isDirty = false;
    this.form.value = undefined;
    this.problem.value = '';
  }

  /** Over what somebody else has saved: only where that was said. */
  async save(over = false): Promise<boolean> {
    const form = this.form.peek();
    if (form === undefined || !this.base || this.busy.peek()) return false;
    const kept = this.keptOf(form);
    if ('wrong' in kept) return this.fail(kept.wrong);
    const now = this.ports.original();
    // What was edited may be another part of the walk; then nothing is overwritten.
    const revision = over || same(now.value, this.base.value) ? now.revision : this.base.revision;
    this.busy.value = true;
    const answered = await this.ports.save(kept.value, revision).catch(() => undefined);
    this.busy.value = false;
    if (!answered) return this.fail(away);
    if (answered.status !== 200) return this.fail(errorText(answered.json) ?? `The server answered ${answered.status}.`);
    this.discard();
    return true;
  }

  private fail(why: string): false {
    this.problem.value = why;
    return false;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

let lastKey = 0;

export function draftCue({ name, asset, a, b, volume, loop, note }: SheetCue): DraftCue {
  lastKey += 1;
  return { key: lastKey, name: name ?? '', asset, from: secondsText(a), to: secondsText(b), volume, loop, note };
}

/** What is wrong is said with the cue's name, else its number. */
export function sheetOf(cues: readonly DraftCue[]): { readonly value: SheetCue[] } | { readonly wrong: string } {
  const sheet: SheetCue[] = [];
  const names = new Set<string>();
  for (const [n, { name, asset, from, to, volume, loop, note }] of cues.entries()) {
    const plain = name.trim();
    const who = plain || `Cue ${n + 1}`;
    if (!plain) return { wrong: `${who} needs a name` };
    if (names.has(plain)) return { wrong: `Two cues are called ${plain}` };
    names.add(plain);
    const part = readPart(from, to);
    if ('wrong' in part) return { wrong: `${who}: ${part.wrong}` };
    sheet.push({ name: plain, asset, a: Math.round(part.value.a * 1000), b: Math.round(part.value.b * 1000), volume, loop, note: note.trim() });
  }
  return { value: sheet };
}

/** As the server takes it. */
export function sheetBody(sheet: readonly SheetCue[], revision: number): Record<string, unknown> {
  const cues = sheet.map(({ name, asset, a, b, volume, loop, note }) => ({ name, asset, a_ms: a, b_ms: b, volume, loop, note }));
  return { sheet: cues, revision };
}

export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const to = Math.min(list.length - 1, Math.max(0, from + by));
  const out = [...list];
  out.splice(to, 0, ...out.splice(from, 1));
  return out;
}

/** "bridge 2" where there is a "bridge" already. */
export function freeName(wanted: string, cues: readonly { readonly name: string | null }[]): string {
  const taken = new Set(cues.map(({ name }) => name?.trim()));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted} ${n}`;
    if (!taken.has(name)) return name;
  }
}

export function languagesOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((tag) => tag !== '');
}
