// What the page knows, as signals: the stations, the server's clock, which station is selected and which is heard.
// One per page; main.tsx makes it, the components read it and call select, toggle and setVolume.

import { batch, computed, signal } from '@preact/signals';
import type { Timed } from '../api/client';
import { Poller } from '../api/poller';
import type { Entry, ListenerAnswer, Station, StationsAnswer } from '../api/types';
import { nextPollMs } from '../clock/pace';
import { ServerClock } from '../clock/server_clock';
import { entryAt, nextBoundary, withHeard } from '../clock/timeline';
import { Listening, type AudioPort, type ListeningState } from '../player/listening';
import { gainOf, loadVolume, saveVolume } from '../player/volume';
import { stationAt, stationBeside } from './routes';

export type Connection = 'waiting' | 'ok' | 'lost';

export interface RadioPorts {
  audio: AudioPort & { volume: number };
  fetchStations(): Promise<Timed<StationsAnswer>>;
  fetchListener(key: string): Promise<ListenerAnswer | null>;
  /** Local time in ms, never going back. */
  now(): number;
  path: string;
}

/** One failure may be chance; from the second on the page says so. */
const failuresUntilLost = 2;

export class Radio {
  readonly answer = signal<StationsAnswer | undefined>(undefined);
  readonly connection = signal<Connection>('waiting');
  readonly path = signal('/');
  readonly listening = signal<ListeningState>({ route: undefined, phase: 'off' });
  readonly volume = signal(loadVolume());

  /** Server time as of the last tick, and the moment heard, if one is. */
  readonly serverNow = signal<number | undefined>(undefined);
  readonly heardNow = signal<number | undefined>(undefined);

  /** What is heard of an individual station: its programme is this listener's alone. */
  private readonly own = signal<readonly Entry[] | undefined>(undefined);

  readonly stations = computed(() => this.answer.value?.stations.map((station) => this.withOwn(station)) ?? []);
  readonly selected = computed(() => stationAt(this.path.value, this.stations.value));
  readonly heardStation = computed(() => this.stations.value.find((each) => each.route === this.listening.value.route));
  readonly heardEntry = computed(() => this.heardStation.value && this.entryOf(this.heardStation.value));

  private readonly clock = new ServerClock();
  private readonly poller: Poller<Timed<StationsAnswer>>;
  private readonly player: Listening;

  constructor(private readonly ports: RadioPorts) {
    this.path.value = ports.path;
    ports.audio.volume = gainOf(this.volume.value);
    this.player = new Listening(ports.audio, {
      fetchListener: ports.fetchListener,
      onChange: (state) => batch(() => {
        if (state.route !== this.listening.value.route || state.phase !== this.listening.value.phase) this.listening.value = state;
        this.tick();
      }),
    });
    this.poller = new Poller({
      ask: ports.fetchStations,
      onAnswer: (timed) => batch(() => this.onAnswer(timed)),
      onFailure: (failures) => {
        if (failures >= failuresUntilLost) this.connection.value = 'lost';
      },
    });
  }

  /** Called a few times a second; everything that moves on the page follows from here. */
  tick(): void {
    batch(() => {
      this.serverNow.value = this.clock.at(this.ports.now());
      this.heardNow.value = this.player.heardTime();
      this.own.value = this.player.entries();
    });
  }

  /** The moment to show for a station: the one heard, or else the one on air. */
  timeOf(route: string): number | undefined {
    const heard = this.listening.value.route === route ? this.heardNow.value : undefined;
    return heard ?? this.serverNow.value;
  }

  entryOf(station: Station) {
    const time = this.timeOf(station.route);
    return time === undefined ? undefined : entryAt(station.entries, time);
  }

  isHeard(route: string): boolean {
    return this.listening.value.route === route && this.listening.value.phase !== 'blocked';
  }

  select(station: Station): void {
    this.path.value = station.url;
  }

  toggle(station: Station): void {
    if (this.isHeard(station.route)) this.player.stop();
    else this.player.listen(station);
  }

  listen(): void {
    const station = this.heardStation.value ?? this.selected.value;
    if (station && !this.isHeard(station.route)) this.player.listen(station);
  }

  stop(): void {
    this.player.stop();
  }

  /** To a neighbour in the list, as the "next" key of a headset does. */
  zap(steps: number): void {
    const from = this.heardStation.value ?? this.selected.value;
    const to = from && stationBeside(from.route, steps, this.stations.value);
    if (!to) return;
    this.select(to);
    this.player.listen(to);
  }

  setVolume(volume: number): void {
    this.volume.value = volume;
    this.ports.audio.volume = gainOf(volume);
    saveVolume(volume);
  }

  watch(): void {
    this.poller.start();
  }

  rest(): void {
    this.poller.pause();
  }

  hurry(): void {
    this.poller.start();
    this.player.hurry();
  }

  private withOwn(station: Station): Station {
    if (!station.individual) return station;
    return { ...station, entries: (this.listening.value.route === station.route && this.own.value) || [] };
  }

  private onAnswer({ answer, askedAt, receivedAt }: Timed<StationsAnswer>): number {
    const restarted = this.clock.add(answer.serverTime, askedAt, receivedAt);
    const old = restarted ? undefined : this.heardStation.peek();
    const heard = this.heardNow.peek();
    const keep = (station: Station) =>
      old && heard !== undefined && station.route === old.route
        ? { ...station, entries: withHeard(old.entries, station.entries, heard) }
        : station;
    this.answer.value = { ...answer, stations: answer.stations.map(keep) };
    this.connection.value = 'ok';
    this.tick();
    const now = this.serverNow.peek() ?? answer.serverTime;
    const watched = [this.selected.peek(), this.heardStation.peek()].flatMap((station) => station ?? []);
    return nextPollMs(now, watched.map((station) => nextBoundary(station.entries, now)));
  }
}
