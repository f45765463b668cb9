// Puts the conductor's page together: its model, the browser's events it depends on, and the components.

import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { Account } from './account/account';
import type { LineSocket } from './api/line';
import { ask } from './api/request';
import { Conduct } from './conduct/conduct';
import { meansNext } from './conduct/keys';
import { Editing } from './conduct/editing';
import { Picked } from './conduct/picked';
import { Preview } from './conduct/preview';
import { fetchPeaks, Waveforms } from './conduct/waveforms';
import { ConductApp } from './ui/conduct/app';
import { ConductContext } from './ui/conduct/context';
import './ui/styles/base.css';
import './ui/styles/parts.css';
import './ui/styles/conduct.css';
import './ui/styles/conduct_board.css';
import './ui/styles/conduct_wave.css';
import './ui/styles/conduct_edit.css';

const tickMs = 100;

const conduct = new Conduct({
  openSocket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/walk/conduct`) as unknown as LineSocket,
  fetchLog: () => ask('GET', '/api/v1/walk/log'),
  now: () => performance.now() * 1000,
  date: () => Date.now(),
});
const picked = new Picked(() => conduct.state.value.assets);
const editing = new Editing(conduct, (method, path, body) => ask(method, `/api/v1/walk${path}`, body));
const waveforms = new Waveforms(fetchPeaks);
const preview = new Preview(new Audio());
const account = new Account(ask);
const user = signal('');
const fade = signal('2');

conduct.start();
setInterval(() => conduct.tick(), tickMs);
window.addEventListener('online', () => conduct.hurry());
// Also who comes back from signing in.
window.addEventListener('focus', () => conduct.hurry());
window.addEventListener('pageshow', (event) => event.persisted && conduct.hurry());
document.addEventListener('visibilitychange', () => document.hidden || conduct.hurry());
document.addEventListener('keydown', (event) => {
  if (!meansNext(event) || !conduct.known.peek()) return;
  event.preventDefault(); // else the page scrolls
  conduct.goNext();
});
// A draft goes with the page: who leaves it by accident is asked.
window.addEventListener('beforeunload', (event) => (editing.sheet.isDirty || editing.about.isDirty) && event.preventDefault());
effect(() => {
  if (conduct.phase.value === 'open') account.refresh().then((who) => (user.value = who?.name ?? ''), () => {});
});
effect(() => {
  document.title = `${conduct.state.value.title || 'Conduct'} — Tutti`;
});

const root = document.getElementById('app');
if (root) render(<ConductContext.Provider value={{ conduct, picked, editing, waveforms, preview, user, fade }}><ConductApp /></ConductContext.Provider>, root);
