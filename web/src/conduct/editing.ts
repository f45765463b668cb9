// What of the walk is edited on the page: its sheet, and what it says of itself.

import { computed, signal } from '@preact/signals';
import type { Answered } from '../api/request';
import type { SheetCue } from '../walk/types';
import type { Conduct } from './conduct';
import { Draft, draftCue, freeName, languagesOf, moved, sheetBody, sheetOf, type About, type DraftCue } from './draft';
import type { Marked } from './picked';

export interface AboutForm {
  readonly title: string;
  readonly text: string;
  readonly welcome: string;
  readonly languages: string;
}

/** `path` below /api/v1/walk. Rejects when the server is away. */
export type SaveWalk = (method: 'PUT' | 'PATCH', path: string, body: unknown) => Promise<Answered>;

export class Editing {
  readonly sheet: Draft<readonly DraftCue[], readonly SheetCue[]>;
  readonly about: Draft<AboutForm, About>;
  /** The key of the cue whose fields are shown. */
  readonly open = signal<number | undefined>(undefined);
  /** As it would be saved, for the waveform; the server's while nobody edits it. */
  readonly shown = computed<readonly SheetCue[]>(() => {
    const form = this.sheet.form.value;
    const kept = form && form.flatMap((cue) => {
      const read = sheetOf([{ ...cue, name: cue.name.trim() || '?' }]);
      return 'wrong' in read ? [] : read.value;
    });
    return kept ?? this.conduct.state.value.sheet;
  });

  constructor(
    private readonly conduct: Conduct,
    save: SaveWalk,
  ) {
    const original = <T>(value: T) => ({ value, ...conduct.edit.value });
    this.sheet = new Draft<readonly DraftCue[], readonly SheetCue[]>(
      {
        original: () => original(conduct.state.value.sheet),
        save: (sheet, revision) => save('PUT', '/sheet', sheetBody(sheet, revision)),
      },
      (sheet) => sheet.map(draftCue),
      sheetOf,
    );
    this.about = new Draft<AboutForm, About>(
      {
        original: () => {
          const { title, text, welcome } = conduct.state.value;
          return original({ title, text, welcome, languages: conduct.languages.value });
        },
        save: (about, revision) => save('PATCH', '', { ...about, revision }),
      },
      (about) => ({ ...about, languages: about.languages.join(', ') }),
      (form) => ({ value: { ...form, languages: languagesOf(form.languages) } }),
    );
  }

  /** A cue of what is picked, behind all others; its fields open, so that it gets a name. */
  add(asset: string, { a, b }: Marked): void {
    this.sheet.change((cues) => {
      const cue = draftCue({ name: freeName('New cue', cues), asset, a, b, volume: 100, loop: false, note: '' });
      this.open.value = cue.key;
      return [...cues, cue];
    });
  }

  change(key: number, change: Partial<DraftCue>): void {
    this.sheet.change((cues) => cues.map((cue) => (cue.key === key ? { ...cue, ...change } : cue)));
  }

  move(key: number, by: number): void {
    this.sheet.change((cues) => moved(cues, cues.findIndex((cue) => cue.key === key), by));
  }

  remove(key: number): void {
    this.sheet.change((cues) => cues.filter((cue) => cue.key !== key));
  }
}
