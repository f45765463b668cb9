// A press on the waveform: a drag picks a part, a drag of an edge moves it, a tap takes the cue that is there. Dragging up
// or down is scrolling the page, for which the browser takes the pointer away: then nothing has been picked.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Edge, Picked } from '../../conduct/picked';
import { cueAt, type Region } from '../../conduct/regions';
import { momentAt, shareOf } from '../../conduct/view';

interface Drag {
  readonly pointer: number;
  readonly x: number;
  /** Pixels beside the edge at which it was taken: it does not jump there. */
  readonly beside: number;
  /** ms: where the part is held while the pointer moves. */
  readonly anchor: number;
  readonly before: readonly [string, string];
  moved: boolean;
}

/** Pixels: a finger that only taps moves that much. */
const slack = 6;

type Pointer = JSX.TargetedPointerEvent<HTMLElement>;

export function useDrag(picked: Picked, regions: readonly Region[]) {
  const drag = useRef<Drag | undefined>(undefined);
  const momentOf = ({ clientX, currentTarget }: Pointer, beside = 0) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - beside - left) / width));
    return momentAt(picked.view.peek(), picked.length.peek(), share, width);
  };
  const hold = (event: Pointer, edge: Edge | undefined) => {
    const part = picked.part.peek();
    if (!part || !edge) return { anchor: momentOf(event), beside: 0 };
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const [held, other] = edge === 'a' ? [part.a, part.b] : [part.b, part.a];
    return { anchor: other, beside: event.clientX - left - shareOf(picked.view.peek(), held) * width };
  };
  return {
    onPointerDown(event: Pointer): void {
      if (event.button !== 0 || drag.current) return;
      const held = (event.target as Element).closest<HTMLElement>('[data-edge]')?.dataset['edge'];
      const edge = held === 'a' || held === 'b' ? held : undefined;
      const before = [picked.from.peek(), picked.to.peek()] as const;
      drag.current = { pointer: event.pointerId, x: event.clientX, ...hold(event, edge), before, moved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: Pointer): void {
      const now = drag.current;
      if (now?.pointer !== event.pointerId) return;
      if (!now.moved && Math.abs(event.clientX - now.x) < slack) return;
      now.moved = true;
      picked.mark(now.anchor, momentOf(event, now.beside));
    },
    onPointerUp(event: Pointer): void {
      const now = drag.current;
      if (now?.pointer !== event.pointerId) return;
      drag.current = undefined;
      const cue = now.moved ? undefined : cueAt(regions, momentOf(event));
      if (cue) picked.take(cue);
    },
    onPointerCancel(event: Pointer): void {
      const now = drag.current;
      if (now?.pointer !== event.pointerId) return;
      drag.current = undefined;
      [picked.from.value, picked.to.value] = now.before;
    },
  };
}
