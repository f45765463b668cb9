// Which station an address in the browser means, and the other way round.

import type { Station } from '../api/types';

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}


/** `/`, `/web` and `/status` mean the default station, or the first where there is none. */
export function stationAt(path: string, stations: readonly Station[]): Station | undefined {
  const wanted = decoded(path).replace(/(.)\/+$/, '$1');
  const exact = stations.find((station) => station.route === wanted || decoded(station.url) === wanted);
  return exact ?? stations.find((station) => station.route === '/') ?? stations[0];
}

/** The station `steps` further in the list, around the end. */
export function stationBeside(route: string, steps: number, stations: readonly Station[]): Station | undefined {
  const at = stations.findIndex((station) => station.route === route);
  if (at < 0 || !stations.length) return undefined;
  return stations[(at + steps + stations.length) % stations.length];
}
