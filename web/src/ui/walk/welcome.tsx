// Before the walk: what it is, and the one tap without which a browser lets nothing sound.

import { useWalk } from './context';

export function Welcome() {
  const { walk, begin } = useWalk();
  const { title, text, welcome } = walk.state.value;
  return (
    <section class="walk-welcome">
      <h1 dir="auto">{title || 'Sound walk'}</h1>
      {(welcome || text) && <p class="walk-text" dir="auto">{welcome || text}</p>}
      {welcome && text && <p class="quiet" dir="auto">{text}</p>}
      {/* With a key: else the paragraphs above, when they come, would make another field of it. */}
      <p key="name">
        <label class="walk-who">
          <span>Your name, for who leads the walk</span>
          {/* Not `value`: news of the walk would take away what is being typed. */}
          <input
            type="text"
            maxLength={60}
            autoComplete="nickname"
            defaultValue={walk.name.value}
            placeholder={walk.shownName}
            onChange={(event) => walk.call(event.currentTarget.value.trim())}
          />
        </label>
      </p>
      <button type="button" class="walk-begin" onClick={begin}>Begin</button>
      <p class="quiet">Put your headphones on and your volume up. This tap lets your browser play the walk; nothing sounds yet.</p>
    </section>
  );
}
