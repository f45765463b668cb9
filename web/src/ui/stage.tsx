// The selected station, large.

import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Entry, Station } from '../api/types';
import { count, titleOf } from '../clock/format';
import { useRadio } from './context';
import { Cover } from './cover';
import { Ear } from './icons';
import { ListenButton } from './listen_button';
import { Neighbours } from './neighbours';
import { OperatorControls } from './operator';
import { ProgressWithTimes } from './progress';
import { Ribbon } from './ribbon';
import { Volume } from './volume';
import { phaseText, statusExplained, statusHeadline } from './words';

interface StageProps {
  station: Station;
  entry: Entry | undefined;
  inSight: Signal<boolean>;
}

export function Stage({ station, entry, inSight }: StageProps) {
  const controls = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!controls.current) return;
    const observer = new IntersectionObserver(([seen]) => (inSight.value = seen?.isIntersecting ?? true));
    observer.observe(controls.current);
    return () => observer.disconnect();
  }, []);
  return (
    <section class="stage" aria-label={`Station ${station.name}`}>
      <div class="stage-now">
        <Cover entry={entry} name={station.name} eager />
        <div class="stage-words">
          <p class="station-line">
            <span class="station-name">{station.name}</span>
            <ListenerCount listeners={station.listeners} />
          </p>
          {entry ? <Playing station={station} entry={entry} /> : <Silent station={station} />}
          <div class="controls" ref={controls}>
            <ListenButton station={station} wide />
            <Volume />
          </div>
          <OperatorControls station={station} />
        </div>
      </div>
      {entry && <Ribbon station={station} />}
      {entry && <Neighbours station={station} />}
    </section>
  );
}

function Playing({ station, entry }: { station: Station; entry: Entry }) {
  const listening = useRadio().listening.value;
  const phase = listening.route === station.route ? listening.phase : 'off';
  return (
    <>
      <p class={`phase ${phase}`} role="status">{phaseText(phase)}</p>
      <h1 dir="auto">{titleOf(entry)}</h1>
      <p class="byline" dir="auto">{[entry.artist, entry.album].filter(Boolean).join(' — ') || '\u00a0'}</p>
      <ProgressWithTimes entry={entry} route={station.route} />
    </>
  );
}

function Silent({ station }: { station: Station }) {
  return (
    <>
      <h1>{statusHeadline(station)}</h1>
      <p class="byline explained">{statusExplained(station)}</p>
    </>
  );
}

export function ListenerCount({ listeners }: { listeners: number }) {
  return (
    <span class="listeners">
      <Ear />
      <span aria-hidden="true">{listeners.toLocaleString('en')}</span>
      <span class="visually-hidden">{count(listeners, 'listener')}</span>
    </span>
  );
}
