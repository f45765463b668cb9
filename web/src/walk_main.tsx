// Puts the walk's page together: its model, the browser's events it depends on, and the components.

import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import type { LineSocket } from './api/line';
import { openWalkOutput } from './audio/output';
import { gainOf, loadVolume, saveVolume } from './player/volume';
import { WalkApp } from './ui/walk/app';
import { WalkContext } from './ui/walk/context';
import { StoredBlocks } from './walk/blocks';
import { buzz, keepOffline, persist, playThroughMute, ScreenLock, type Offline } from './walk/browser';
import { browserDevice } from './walk/device';
import { Remembered } from './walk/remembered';
import { Ticket, whyNot } from './walk/ticket';
import { WalkStore } from './walk/store';
import { Walk } from './walk/walk';
import './ui/styles/base.css';
import './ui/styles/parts.css';
import './ui/styles/walk.css';

/** Not a multiple of the 10 ms in which many browsers render: looks would always come at the same moment of a step. */
const tickMs = 97;
const tellMs = 1000;

const answerMs = 8000;

const ticket = new Ticket();
function takeTicket(): boolean {
  const taken = ticket.take(location.hash);
  if (taken) history.replaceState(null, '', location.pathname);
  return taken;
}
takeTicket();

/** The status of an answer of which nothing else matters. */
async function statusOf(headers: Record<string, string>): Promise<number> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), answerMs);
  try {
    const response = await fetch('/api/v1/walk', { headers, cache: 'no-store', signal: abort.signal });
    await response.body?.cancel();
    return response.status;
  } finally {
    clearTimeout(timer);
  }
}

const store = new WalkStore({
  blocks: new StoredBlocks(),
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...ticket.headers }, cache: 'no-store' }),
  persist,
});
const walk = new Walk({
  openSocket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/sendspin${ticket.query}`) as unknown as LineSocket,
  refusal: () => whyNot(ticket, statusOf),
  openOutput: openWalkOutput,
  store,
  remembered: new Remembered(),
  device: browserDevice(),
  now: () => performance.now() * 1000,
  date: () => Date.now(),
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
// What stands goes through a network that is gone, though nobody has said so to the connection.
window.addEventListener('offline', () => walk.renew());
window.addEventListener('hashchange', () => takeTicket() && walk.hurry());
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
