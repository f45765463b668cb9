// Plays the shared track on this device: the same position as on all the others, as told by the server's clock.

import { signal } from '@preact/signals';
import { openFile } from '../wsaudio/file_stream';
import type { OpenAnOutput } from '../wsaudio/output';
import { silent, StreamPlayer, type PlayerState as Sounding } from '../wsaudio/player';
import type { Socket } from '../wsaudio/stream';
import type { PlayerState } from './player_state';

export interface HerePorts {
  openSocket(address: string): Socket;
  openOutput: OpenAnOutput;
  onStart(): void;
  /** The shared track has come to its end here. */
  onEnded(): void;
}

/** Two loudspeakers in one room are heard apart from here on. */
const tolerance = 0.08;
/** Time for a correction to show, in ticks. */
const settleTicks = 8;

export class Here {
  readonly on = signal(false);
  readonly sounding = signal<Sounding>(silent);
  private readonly player: StreamPlayer;
  private track: number | undefined;
  private settle = 0;
  private told = false;

  constructor(private readonly ports: HerePorts) {
    this.player = new StreamPlayer({
      openSocket: ports.openSocket,
      openOutput: ports.openOutput,
      onChange: (state) => (this.sounding.value = state),
    });
  }

  toggle(): void {
    if (this.on.peek()) return this.stop();
    this.ports.onStart();
    this.on.value = true;
  }

  stop(): void {
    this.on.value = false;
    this.track = undefined;
    this.player.disconnect();
  }

  setGain(gain: number): void {
    this.player.setGain(gain);
  }

  /** Called a few times a second with the shared state and its position in seconds. */
  follow(state: PlayerState | undefined, position: number): void {
    if (!this.on.peek()) return;
    if (!state) {
      if (this.track !== undefined) this.player.disconnect();
      this.track = undefined;
    } else if (state.trackId !== this.track) {
      this.track = state.trackId;
      this.told = false;
      this.settle = settleTicks;
      this.player.connect({ address: `/audio?track=${state.trackId}`, open: openFile }, position);
    } else {
      this.keepUp(state.onPause, position);
    }
  }

  private keepUp(paused: boolean, position: number): void {
    const { phase, duration } = this.sounding.peek();
    this.settle -= 1;
    if (phase === 'ended' && !paused && (duration === undefined || position >= duration - tolerance)) {
      if (!this.told) this.ports.onEnded();
      this.told = true;
      return;
    }
    this.told = false;
    if (phase === 'off' || phase === 'failed' || phase === 'connecting' || phase === 'blocked') return;
    if (paused) {
      if (phase !== 'paused') this.player.pause();
      return;
    }
    const apart = Math.abs(this.sounding.peek().position - position);
    const resting = phase === 'paused' || phase === 'ended';
    if (resting || (phase === 'playing' && this.settle < 0 && apart > tolerance)) {
      this.player.seek(position + lead);
      if (resting) this.player.play();
      this.settle = settleTicks;
    }
  }

  /** After the browser blocked it: from a tap. */
  unblock(): void {
    this.player.play();
  }
}

/** What the scheduler needs between a seek and the first sound. */
const lead = 0.06;
