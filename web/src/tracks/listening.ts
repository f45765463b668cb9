// One track in this browser over WebSocket: which one, through which door, and how far it is.

import { signal } from '@preact/signals';
import { openFile } from '../wsaudio/file_stream';
import type { OpenAnOutput } from '../wsaudio/output';
import { openPcm } from '../wsaudio/pcm_stream';
import { silent, StreamPlayer, type PlayerState, type Request } from '../wsaudio/player';
import type { Socket } from '../wsaudio/stream';

/** `/pcm`: its samples as they are, in real time. `/audio`: the file's bytes, as fast as they come. */
export type Door = '/pcm' | '/audio';

export interface TrackListeningPorts {
  openSocket(address: string): Socket;
  openOutput: OpenAnOutput;
  /** Sound is about to come: let nothing else sound. */
  onStart(): void;
}

export class TrackListening {
  readonly state = signal<PlayerState>(silent);
  readonly door = signal<Door>('/pcm');
  /** A track's number, or a path in the library; '' is the server's own choice. */
  readonly chosen = signal('');
  /** What plays, which may differ from what is chosen by now. */
  readonly playing = signal<{ door: Door; track: string } | undefined>(undefined);

  private readonly player: StreamPlayer;

  constructor(private readonly ports: TrackListeningPorts) {
    this.player = new StreamPlayer({
      openSocket: ports.openSocket,
      openOutput: ports.openOutput,
      onChange: (state) => {
        if (JSON.stringify(state) !== JSON.stringify(this.state.peek())) this.state.value = state;
      },
    });
  }

  connect(): void {
    const [door, track] = [this.door.peek(), this.chosen.peek().trim()];
    this.ports.onStart();
    this.playing.value = { door, track };
    this.player.connect(requestOf(door, track));
  }

  disconnect(): void {
    this.player.disconnect();
    this.playing.value = undefined;
  }

  choose(track: string): void {
    this.chosen.value = track;
    this.connect();
  }

  /** While something plays, it goes on through the other door from the beginning. */
  enter(door: Door): void {
    if (door === this.door.peek()) return;
    this.door.value = door;
    if (this.playing.peek()) this.connect();
  }

  play(): void {
    this.ports.onStart();
    this.player.play();
  }

  pause(): void {
    if (this.state.peek().phase !== 'off') this.player.pause();
  }

  seek(seconds: number): void {
    this.player.seek(seconds);
  }

  setGain(gain: number): void {
    this.player.setGain(gain);
  }
}

/** Frames between the places where a stream of samples may begin: those of its messages, which the server keeps. */
const chunkFrames = 8192;

function requestOf(door: Door, track: string): Request {
  if (door === '/audio') return { address: addressOf(door, track), open: openFile };
  const addressFrom = (frame: number) => addressOf(door, track, Math.floor(frame / chunkFrames) * chunkFrames);
  return { address: addressOf(door, track), open: openPcm, addressFrom };
}

export function addressOf(door: Door, track: string, firstFrame = 0): string {
  const words = [track && `track=${encodeURIComponent(track)}`, firstFrame && `first_frame=${firstFrame}`].filter(Boolean).join('&');
  return words ? `${door}?${words}` : door;
}
