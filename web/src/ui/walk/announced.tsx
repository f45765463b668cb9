import { useWalk } from './context';

/** For who does not look: what the conductor says, at once. */
export function Announced() {
  const { walk } = useWalk();
  return <p class="visually-hidden" role="alert" aria-live="assertive">{walk.message.value?.text}</p>;
}
