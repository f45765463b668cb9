// A link to a station's own address.

import type { ComponentChildren } from 'preact';
import type { Station } from '../api/types';
import { PageLink } from './page_link';

interface StationLinkProps {
  station: Station;
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}

export function StationLink({ station, class: name, current = false, children }: StationLinkProps) {
  return (
    <PageLink href={station.url} class={name} current={current}>
      {children}
    </PageLink>
  );
}
