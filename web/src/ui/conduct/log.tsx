import { logText } from '../../conduct/board';
import { letGo, useConduct } from './context';
import { timeOfDay } from './words';

/** On the page; the file has all of them. */
const mostShown = 100;

export function Log() {
  const { conduct } = useConduct();
  const events = conduct.events.value;
  const save = (event: MouseEvent) => {
    letGo(event);
    saveText(`walk-${new Date().toISOString().slice(0, 16).replace(/:/g, '')}.txt`, logText(conduct.events.peek(), (id) => conduct.nameOf(id)));
  };
  return (
    <section aria-label="Log">
      <h2>Log</h2>
      <button type="button" class="conduct-plain" disabled={events.length === 0} onClick={save}>Save as text</button>{' '}
      <a class="link" href="/api/v1/walk/log.csv" download>All of it, as CSV</a>
      <ol class="conduct-log">
        {events.slice(-mostShown).reverse().map(({ wall, kind, latencyMs, text }, n) => (
          <li key={events.length - n}>
            <span class="conduct-when">{timeOfDay(wall)}</span> <b>{kind}</b>{' '}
            <span dir="auto">{text}</span>
            {latencyMs !== null && <span class="quiet"> {latencyMs} ms</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
