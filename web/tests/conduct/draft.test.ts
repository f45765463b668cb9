import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Answered } from '../../src/api/request';
import { Draft, draftCue, freeName, languagesOf, moved, sheetBody, sheetOf, type Original } from '../../src/conduct/draft';
import type { SheetCue } from '../../src/walk/types';

const cue = (name: string): SheetCue => ({ name, asset: 'forest', a: 1000, b: 2500, volume: 80, loop: true, note: 'n' });

function made(answers: (Answered | Error)[] = []) {
  const server = signal<Original<string>>({ value: 'one', revision: 3, editor: 'anna' });
  const saved: [string, number][] = [];
  const draft = new Draft<string, string>(
    {
      original: () => server.value,
      save: async (value, revision) => {
        saved.push([value, revision]);
        const answer = answers.shift() ?? { status: 200, json: {}, retryAfter: undefined };
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    (kept) => kept,
    (form) => (form === 'bad' ? { wrong: 'it is bad' } : { value: form }),
  );
  return { draft, server, saved };
}

describe('Draft', () => {
  it('is saved over what it was made from', async () => {
    const { draft, saved } = made();
    draft.change((before) => `${before} and more`);
    expect([draft.form.value, draft.isDirty]).toEqual(['one and more', true]);
    expect(await draft.save()).toBe(true);
    expect([saved, draft.form.value, draft.isDirty]).toEqual([[['one and more', 3]], undefined, false]);
  });

  it('is not saved over what it has not seen, unless that is said', async () => {
    const { draft, server, saved } = made([{ status: 409, json: { message: 'edited meanwhile by boris' }, retryAfter: undefined }]);
    draft.begin();
    expect(draft.overtaken.value).toBeUndefined();
    server.value = { value: 'two', revision: 4, editor: 'boris' };
    expect(draft.overtaken.value).toBe('boris');
    expect(await draft.save()).toBe(false);
    expect([draft.problem.value, draft.form.value]).toEqual(['edited meanwhile by boris', 'one']);
    expect(await draft.save(true)).toBe(true);
    expect(saved).toEqual([['one', 3], ['one', 4]]);
  });

  it('does not mind that another part of the walk was edited', async () => {
    const { draft, server, saved } = made();
    draft.change(() => 'mine');
    server.value = { value: 'one', revision: 9, editor: 'boris' };
    expect(draft.overtaken.value).toBeUndefined();
    expect(await draft.save()).toBe(true);
    expect(saved).toEqual([['mine', 9]]);
  });

  it('keeps what could not be saved, and sends nothing that is wrong', async () => {
    const { draft, saved } = made([new Error('away')]);
    draft.change(() => 'mine');
    expect(await draft.save()).toBe(false);
    expect([draft.form.value, draft.problem.value]).toEqual(['mine', expect.stringContaining('nothing was saved')]);
    draft.change(() => 'bad');
    expect(await draft.save()).toBe(false);
    expect([draft.problem.value, saved.length]).toEqual(['it is bad', 1]);
    draft.discard();
    expect([draft.form.value, await draft.save()]).toEqual([undefined, false]);
  });
});

describe('the sheet', () => {
  it('comes back as it was', () => {
    const sheet = [cue('gate'), { ...cue('мост'), a: 0, b: 1 }];
    expect(sheetOf(sheet.map(draftCue))).toEqual({ value: sheet });
    expect(sheetBody(sheet, 7)).toMatchObject({ revision: 7, sheet: [{ name: 'gate', a_ms: 1000, b_ms: 2500 }, { b_ms: 1 }] });
  });

  it.each([
    [{ name: ' ' }, 'Cue 2 needs a name'],
    [{ name: 'gate ' }, 'Two cues are called gate'],
    [{ from: 'x' }, 'river: From: seconds of up to 3 decimals, like 12.5'],
    [{ from: '9' }, 'river: To must be after From'],
  ])('with %o is not saved', (change, wrong) => {
    expect(sheetOf([draftCue(cue('gate')), { ...draftCue(cue('river')), ...change }])).toEqual({ wrong });
  });

  it('is put in order', () => {
    expect([moved(['a', 'b', 'c'], 0, 1), moved(['a', 'b', 'c'], 0, -1), moved(['a', 'b', 'c'], 2, -2)]).toEqual([['b', 'a', 'c'], ['a', 'b', 'c'], ['c', 'a', 'b']]);
    expect([freeName('cue', []), freeName('cue', [cue('cue'), cue('cue 2')])]).toEqual(['cue', 'cue 3']);
  });

  it('is of languages', () => expect(languagesOf(' en, pt-BR;ru\n')).toEqual(['en', 'pt-BR', 'ru']));
});
