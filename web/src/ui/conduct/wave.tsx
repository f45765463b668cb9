// The sound of an asset with the sheet's cues on it, and the part that is picked.

import { useEffect, useRef, useState } from 'preact/hooks';
import { secondsText } from '../../conduct/read';
import type { Edge } from '../../conduct/picked';
import { regionsOf, type Region } from '../../conduct/regions';
import { rulerMarks, shareOf, stepOf, type View } from '../../conduct/view';
import { progressOf } from '../../walk/cues';
import type { Asset } from '../../walk/types';
import { useConduct } from './context';
import { useDrag } from './drag';
import { Outline } from './outline';
import { markText } from './words';

const columnPixels = 2;
const markPixels = 70;
const gripPixels = 30;

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
const within = (share: number) => Math.min(1, Math.max(0, share));

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const watched = new ResizeObserver(([entry]) => entry && setWidth(Math.max(1, entry.contentRect.width)));
    if (ref.current) watched.observe(ref.current);
    return () => watched.disconnect();
  }, []);
  return { ref, width };
}

export function Wave({ asset }: { asset: Asset }) {
  const { picked, editing, waveforms } = useConduct();
  const { ref, width } = useWidth();
  const view = picked.view.value;
  const regions = regionsOf(editing.shown.value, asset.id);
  const drag = useDrag(picked, regions);
  const peaks = waveforms.of(asset);
  const onWheel = (event: WheelEvent) => {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      const box = ref.current!.getBoundingClientRect();
      picked.zoom(event.deltaY < 0 ? 0.8 : 1.25, view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from));
    } else if (sideways !== 0 && !picked.isWhole.peek()) {
      picked.scroll((sideways / width) * (view.to - view.from));
    } else return;
    event.preventDefault();
  };
  return (
    <div class="wave" role="group" aria-label={`Sound of ${asset.title || asset.id}`}>
      <div ref={ref} class="wave-sound" onWheel={onWheel} {...drag}>
        {peaks ? <Outline peaks={peaks} view={view} columns={Math.max(1, Math.round(width / columnPixels))} /> : <p class="wave-wait quiet">Drawing…</p>}
        <Cues regions={regions} view={view} />
        <Part view={view} width={width} />
        <Heads asset={asset} view={view} />
      </div>
      <div class="wave-ruler" aria-hidden="true">
        {rulerMarks(view, Math.max(2, width / markPixels)).map((at) => (
          <span key={at} style={{ left: percent(shareOf(view, at)) }}>{markText(at)}</span>
        ))}
      </div>
      {!picked.isWhole.value && <Overview asset={asset} />}
    </div>
  );
}

function Cues({ regions, view }: { regions: readonly Region[]; view: View }) {
  const { conduct } = useConduct();
  const live = conduct.heard.value?.cue.name;
  return (
    <ul class="wave-cues" aria-hidden="true">
      {regions.filter(({ cue }) => cue.b > view.from && cue.a < view.to).map(({ cue, row }) => {
        const [left, right] = [within(shareOf(view, cue.a)), within(shareOf(view, cue.b))];
        return (
          <li key={`${cue.name} ${cue.a}`} class={cue.name === live ? 'live' : ''} style={{ left: percent(left), width: percent(right - left), '--row': row }}>
            <span dir="auto">{cue.name}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Which side its grip hangs on: outside of the part, where there is room. */
function sideOf(edge: Edge, share: number, width: number): 'left' | 'right' {
  if (edge === 'a') return share * width < gripPixels ? 'right' : 'left';
  return (1 - share) * width < gripPixels ? 'left' : 'right';
}

/** What is picked; its edges are sliders, to be dragged or moved by the arrow keys. */
function Part({ view, width }: { view: View; width: number }) {
  const { picked } = useConduct();
  const part = picked.part.value;
  if (!part) return null;
  const [left, right] = [shareOf(view, part.a), shareOf(view, part.b)];
  const onKeyDown = (edge: Edge) => (event: KeyboardEvent) => {
    const far = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (far === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    picked.nudge(edge, far * stepOf(view, width) * (event.shiftKey ? 10 : 1));
  };
  const edges = [['a', 'From', part.a, left], ['b', 'To', part.b, right]] as const;
  return (
    <>
      <div class="wave-part" style={{ left: percent(within(left)), width: percent(within(right) - within(left)) }} />
      {edges.map(([edge, label, at, share]) => share >= 0 && share <= 1 && (
        <div
          key={edge}
          class={`wave-edge ${sideOf(edge, share, width)}`}
          data-edge={edge}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={picked.length.value / 1000}
          aria-valuenow={at / 1000}
          aria-valuetext={`${secondsText(at)} seconds`}
          style={{ left: percent(share) }}
          onKeyDown={onKeyDown(edge)}
        />
      ))}
    </>
  );
}

/** Where the phones are, and where this page's own ear is. */
function Heads({ asset, view }: { asset: Asset; view: View }) {
  const { conduct, preview, picked } = useConduct();
  const [heard, time] = [conduct.heard.value, conduct.time.value];
  const cue = heard?.cue;
  const phones = cue && time !== undefined && cue.asset === asset.id ? cue.a + progressOf(heard, time) * (cue.b - cue.a) : undefined;
  const own = asset === picked.asset.value ? preview.at.value : undefined;
  return (
    <>
      {([['phones', phones], ['own', own]] as const).map(([whose, at]) => {
        const share = at === undefined ? -1 : shareOf(view, at);
        return share >= 0 && share <= 1 && <i key={whose} class={`wave-head ${whose}`} style={{ left: percent(share) }} />;
      })}
    </>
  );
}

/** All of it, small: which part is in view, to be dragged. */
function Overview({ asset }: { asset: Asset }) {
  const { picked, waveforms } = useConduct();
  const [view, length] = [picked.view.value, picked.length.value];
  const peaks = waveforms.of(asset);
  const width = view.to - view.from;
  const follow = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    picked.scroll(((event.clientX - box.left) / box.width) * length - width / 2 - picked.view.peek().from);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const far = { ArrowLeft: -0.25, ArrowRight: 0.25, PageDown: -1, PageUp: 1 }[event.key];
    if (far === undefined) return;
    event.preventDefault();
    picked.scroll(far * width);
  };
  return (
    <div
      class="wave-overview"
      role="slider"
      tabIndex={0}
      aria-label="In view"
      aria-valuemin={0}
      aria-valuemax={length / 1000}
      aria-valuenow={view.from / 1000}
      aria-valuetext={`${markText(view.from)} to ${markText(view.to)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
    >
      {peaks && <Outline peaks={peaks} view={{ from: 0, to: length }} columns={300} />}
      <i style={{ left: percent(view.from / length), width: percent(width / length) }} />
    </div>
  );
}
