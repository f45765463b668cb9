// A link to a station's own address that selects it without loading the page again.

import type { ComponentChildren } from 'preact';
import type { Station } from '../api/types';
import { useRadio } from './context';

interface StationLinkProps {
  station: Station;
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}

export function StationLink({ station, class: name, current = false, children }: StationLinkProps) {
  const radio = useRadio();
  return (
    <a
      href={station.url}
      class={name}
      aria-current={current ? 'true' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        radio.select(station);
        scrollTo({ top: 0 });
      }}
    >
      {children}
    </a>
  );
}
