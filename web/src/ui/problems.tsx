// Files of the library that cannot be played, and why.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { fetchProblems } from '../api/client';
import type { Problem } from '../api/types';
import { Cross } from './icons';

export function Problems({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const problems = useSignal<readonly Problem[] | 'asking' | 'failed'>('asking');

  useEffect(() => {
    dialog.current?.showModal();
    fetchProblems().then(
      (list) => (problems.value = list),
      () => (problems.value = 'failed'),
    );
  }, []);

  return (
    <dialog
      ref={dialog}
      class="problems"
      aria-labelledby="problems-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="problems-body">
        <header>
          <h2 id="problems-title">Files that cannot be played</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Cross />
          </button>
        </header>
        <ProblemList problems={problems.value} />
      </div>
    </dialog>
  );
}

function ProblemList({ problems }: { problems: readonly Problem[] | 'asking' | 'failed' }) {
  if (problems === 'asking') return <p role="status">Asking the server…</p>;
  if (problems === 'failed') return <p role="alert">The server did not answer. Close this and try again.</p>;
  if (problems.length === 0) return <p>None any more.</p>;
  return (
    <ul>
      {problems.map((problem) => (
        <li key={problem.path}>
          <code>{problem.path}</code>
          <span>{problem.reason}</span>
        </li>
      ))}
    </ul>
  );
}
