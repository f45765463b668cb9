// Which of the app's pages an address means. Every address that is none of these is a station's.

export type View = 'station' | 'tracks' | 'devices' | 'login';

export const pages = { tracks: '/web/listen', devices: '/web/devices', login: '/login' } as const;

export function viewOf(path: string): View {
  const plain = path.replace(/(.)\/+$/, '$1');
  const found = Object.entries(pages).find(([, address]) => address === plain);
  return found ? (found[0] as View) : 'station';
}

export const viewTitles: Record<View, string | undefined> = {
  station: undefined,
  tracks: 'Tracks',
  devices: 'Your devices',
  login: 'Sign in',
};
