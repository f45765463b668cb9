import type { Draft } from '../../conduct/draft';
import { Plain } from './plain';

/** Saves a draft, or lets it go; says so when somebody else was quicker. */
export function SaveBar<Form, Kept>({ draft, what }: { draft: Draft<Form, Kept>; what: string }) {
  const other = draft.overtaken.value;
  const busy = draft.busy.value;
  return (
    <div class="conduct-save">
      <div role="alert">
        {other && <p class="problem"><span dir="auto">{other}</span> has changed {what} meanwhile. Discard your changes to see them, or put yours in their place.</p>}
        {draft.problem.value && <p class="problem">{draft.problem.value}</p>}
      </div>
      <div class="conduct-fields">
        {other ? (
          <Plain kind="stop" disabled={busy} onPress={() => void draft.save(true)}>Put mine in place</Plain>
        ) : (
          <Plain kind="go" disabled={busy} label={`Save ${what}`} onPress={() => void draft.save()}>Save</Plain>
        )}
        <Plain disabled={busy} label={`Discard the changes of ${what}`} onPress={() => draft.discard()}>Discard</Plain>
      </div>
    </div>
  );
}
