// Numbers to words.

const second = 1_000_000;

/** 183000000 µs -> "3:03"; an hour and more -> "1:02:03". */
export function clockText(us: number): string {
  const seconds = Math.max(0, Math.floor(us / second));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** For a screen reader: "3 minutes 3 seconds". */
export function spokenTime(us: number): string {
  const seconds = Math.max(0, Math.floor(us / second));
  const [m, s] = [Math.floor(seconds / 60), seconds % 60];
  return [m ? count(m, 'minute') : '', s || !m ? count(s, 'second') : ''].filter(Boolean).join(' ');
}

export function startsIn(us: number): string {
  return us < 10 * second ? 'in a moment' : `in ${span(us)}`;
}

export function endedAgo(us: number): string {
  return us < 10 * second ? 'just now' : `${span(us)} ago`;
}

/** In steps of ten seconds below a minute: a page that counts every second down is not calm. */
function span(us: number): string {
  if (us < 55 * second) return `${Math.round(us / second / 10) * 10} s`;
  const minutes = Math.round(us / second / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

export function scanText(scanned: number, found: number): string {
  return found > 0 ? `scanning ${scanned.toLocaleString('en')} of ${found.toLocaleString('en')}` : 'scanning';
}

/** A track without a title is known by its file's name. */
export function titleOf(entry: { title: string; file: string }): string {
  const fileName = entry.file.replace(/^.*\//, '');
  return entry.title.trim() || fileName.replace(/\.[^.]{1,5}$/, '') || 'Untitled';
}

export function documentTitle(title: string | undefined, station: string | undefined): string {
  const what = [title, station].filter(Boolean).join(' · ');
  return what ? `${what} — Tutti` : 'Tutti';
}
