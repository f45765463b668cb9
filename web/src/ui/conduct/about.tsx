import type { AboutForm } from '../../conduct/editing';
import { useConduct } from './context';
import { Plain } from './plain';
import { SaveBar } from './save_bar';

/** What the phones show of the walk before it begins. */
export function About() {
  const { conduct, editing } = useConduct();
  const { title, text, welcome } = conduct.state.value;
  const languages = conduct.languages.value.join(', ');
  const form = editing.about.form.value;
  const { editor } = conduct.edit.value;
  return (
    <section aria-label="On the phones">
      <div class="conduct-title">
        <h2>On the phones</h2>
        {!form && <Plain label="Edit what the phones show" onPress={() => editing.about.begin()}>Edit</Plain>}
      </div>
      {form ? (
        <Form form={form} />
      ) : (
        <dl class="conduct-about">
          {([['Title', title], ['Text', text], ['Welcome', welcome], ['Languages', languages]] as const).map(([name, value]) => (
            <div key={name}><dt>{name}</dt><dd dir="auto">{value || '–'}</dd></div>
          ))}
        </dl>
      )}
      {editor && <p class="quiet">Edited last by <span dir="auto">{editor}</span>.</p>}
    </section>
  );
}

function Form({ form }: { form: AboutForm }) {
  const { editing } = useConduct();
  const change = (changes: Partial<AboutForm>) => editing.about.change((before) => ({ ...before, ...changes }));
  return (
    <div class="conduct-form">
      <label>
        <span>Title</span>
        <input type="text" autoComplete="off" dir="auto" value={form.title} onInput={(event) => change({ title: event.currentTarget.value })} />
      </label>
      <label>
        <span>Text</span>
        <textarea rows={3} dir="auto" value={form.text} onInput={(event) => change({ text: event.currentTarget.value })} />
      </label>
      <label>
        <span>Welcome</span>
        <textarea rows={3} dir="auto" value={form.welcome} onInput={(event) => change({ welcome: event.currentTarget.value })} />
      </label>
      <label>
        <span>Languages, like en, pt-BR</span>
        <input type="text" autoComplete="off" autoCapitalize="off" spellcheck={false} value={form.languages} onInput={(event) => change({ languages: event.currentTarget.value })} />
      </label>
      <SaveBar draft={editing.about} what="what the phones show" />
    </div>
  );
}
