// Makes the page's models and ties them together: one at a time sounds, one volume for all.

import { effect } from '@preact/signals';
import { Account } from './account/account';
import { fetchListener, fetchStations } from './api/client';
import type { LineSocket } from './api/line';
import { ask } from './api/request';
import { fetchTrack, fetchTracks } from './api/tracks';
import { Devices } from './devices/devices';
import { Here } from './devices/here';
import { gainOf } from './player/volume';
import { Radio } from './radio/radio';
import { Library } from './tracks/library';
import { TrackListening } from './tracks/listening';
import type { Tutti } from './ui/context';
import { openWebAudio } from './wsaudio/output';
import type { Socket } from './wsaudio/stream';

/** On this server, secured as the page is. A WebSocket does all that is asked of it here; only its types say more. */
function openSocket(path: string): Socket & LineSocket {
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}${path}`) as unknown as Socket & LineSocket;
}

/** As the message that a device gets at first. */
async function fetchState(): Promise<string | null> {
  const { status, json } = await ask('GET', '/api/v1/player');
  if (status === 404) return null;
  if (status !== 200) throw new Error(`/api/v1/player: the server answered ${status}`);
  return JSON.stringify({ type_push_state: 'new_track', ...(json as object) });
}

export function makeTutti(audio: HTMLAudioElement): Tutti {
  const now = () => performance.now();
  const radio = new Radio({ audio, fetchStations, fetchListener, now, path: location.pathname });
  const account = new Account(ask);
  const library = new Library({ fetchPage: fetchTracks, fetchTrack });
  const listening = new TrackListening({
    openSocket,
    openOutput: openWebAudio,
    onStart: () => {
      radio.stop();
      here.stop();
    },
  });
  const devices = new Devices({
    openSocket: () => openSocket('/player'),
    isSignedIn: async () => (await account.refresh()) !== null,
    fetchState,
    now,
    date: () => Date.now(),
  });
  const here: Here = new Here({
    openSocket,
    openOutput: openWebAudio,
    onStart: () => {
      radio.stop();
      listening.pause();
    },
    onEnded: () => {
      const state = devices.state.peek();
      const next = state && library.beside(state.trackId, 1);
      if (next) devices.choose(next.id, next.duration / 1000);
    },
  });
  effect(() => {
    if (radio.listening.value.route === undefined) return;
    listening.pause();
    here.stop();
  });
  effect(() => {
    const gain = gainOf(radio.volume.value);
    listening.setGain(gain);
    here.setGain(gain);
  });
  effect(() => {
    const state = devices.state.value;
    const length = state && library.known.value.get(state.trackId)?.duration;
    if (state && length) devices.learnLength(state.trackId, length / 1000);
  });
  return { radio, account, library, listening, devices, here };
}
