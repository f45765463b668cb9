// Puts the walk's page together: its model, the browser's events it depends on, and the components.

import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { openWalkOutput } from './audio/output';
import { gainOf, loadVolume, saveVolume } from './player/volume';
import { WalkApp } from './ui/walk/app';
import { WalkContext } from './ui/walk/context';
import { StoredBlocks } from './walk/blocks';
import { buzz, keepOffline, persist, playThroughMute, ScreenLock, type Offline } from './walk/browser';
import { browserDevice } from './walk/device';
import type { WalkSocket } from './walk/link';
import { Remembered } from './walk/remembered';
import { WalkStore } from './walk/store';
import { Walk } from './walk/walk';
import './ui/styles/base.css';
import './ui/styles/parts.css';
import './ui/styles/walk.css';

const tickMs = 100;
const tellMs = 1000;

const store = new WalkStore({ blocks: new StoredBlocks(), fetch: (url, init) => fetch(url, { ...init, cache: 'no-store' }), persist });
const walk = new Walk({
  openSocket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/sendspin`) as unknown as WalkSocket,
  openOutput: openWalkOutput,
  store,
  remembered: new Remembered(),
  device: browserDevice(),
  now: () => performance.now() * 1000,
  onMessage: buzz,
});
const volume = signal(loadVolume());
const offline = signal<Offline>('pending');
const screenLock = new ScreenLock();

function begin(): void {
  playThroughMute();
  walk.unlock();
  void screenLock.hold();
}

function seen(): void {
  walk.wake();
  if (!document.hidden && walk.unlocked.peek()) void screenLock.hold();
}

walk.start();
setInterval(() => walk.tick(), tickMs);
setInterval(() => walk.tell(), tellMs);
document.addEventListener('visibilitychange', seen);
document.addEventListener('pointerdown', () => walk.unlocked.peek() && walk.wake());
window.addEventListener('pageshow', seen);
window.addEventListener('focus', seen);
window.addEventListener('online', () => walk.hurry());
effect(() => {
  walk.setGain(gainOf(volume.value));
  saveVolume(volume.value);
});
effect(() => {
  document.title = `${walk.state.value.title || 'Sound walk'} — Tutti`;
});
void keepOffline().then((is) => (offline.value = is));

const root = document.getElementById('app');
if (root) render(<WalkContext.Provider value={{ walk, store, volume, offline, begin }}><WalkApp /></WalkContext.Provider>, root);
