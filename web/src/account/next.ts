// Where whoever signs in comes from, and goes back to.

/** Of `?next=…`: an address on this server, whatever it is made of; undefined: none. */
export function nextPage(search: string, origin: string): string | undefined {
  const next = new URLSearchParams(search).get('next');
  // Browsers take "\" for "/", and pass over tabs and line ends: what is odd is not gone to.
  if (!next || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\')) return undefined;
  const url = new URL(next, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : undefined;
}
