// How a track comes, and one that is not in the list.

import type { Door } from '../tracks/listening';
import { useTutti } from './context';

const doors: readonly [door: Door, name: string, explained: string][] = [
  ['/pcm', 'Samples', 'Bit by bit as they are in the file, in real time (/pcm).'],
  ['/audio', 'File', 'The file as it is, as fast as the network carries it (/audio).'],
];

export function DoorChoice() {
  const { listening } = useTutti();
  return (
    <form
      class="doors"
      onSubmit={(event) => {
        event.preventDefault();
        listening.connect();
      }}
    >
      <fieldset>
        <legend>How it comes</legend>
        {doors.map(([door, name, explained]) => (
          <label key={door} class="door">
            <input type="radio" name="door" checked={listening.door.value === door} onChange={() => listening.enter(door)} />
            <span>
              <strong>{name}</strong>
              <span class="quiet">{explained}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>Track number or path</span>
        <span class="field-row">
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            placeholder="the server’s choice"
            value={listening.chosen.value}
            onInput={(event) => (listening.chosen.value = event.currentTarget.value)}
          />
          <button type="submit" class="quiet-button">Connect</button>
        </span>
      </label>
    </form>
  );
}
