// A link to another page of the app, or to a station, that does not load everything again.

import type { ComponentChildren } from 'preact';
import { useRadio } from './context';

interface PageLinkProps {
  href: string;
  class?: string | undefined;
  current?: boolean | 'page';
  children: ComponentChildren;
}

export function PageLink({ href, class: name, current = false, children }: PageLinkProps) {
  const radio = useRadio();
  return (
    <a
      href={href}
      class={name}
      aria-current={current || undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        radio.path.value = href;
        scrollTo({ top: 0 });
      }}
    >
      {children}
    </a>
  );
}
