// Asks the server. Every request ends: with an answer, an error, or the timeout.

import { parseListener, parseProblems, parseStations } from './parse';
import type { ListenerAnswer, Problem, StationsAnswer } from './types';

const timeoutMs = 8000;

/** An answer with the moments (performance.now(), ms) between which the server made it. */
export interface Timed<T> {
  readonly answer: T;
  readonly askedAt: number;
  readonly receivedAt: number;
}

async function ask<T>(path: string, parse: (json: unknown) => T): Promise<Timed<T> | null> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const askedAt = performance.now();
    const response = await fetch(path, { signal: abort.signal, cache: 'no-store' });
    const receivedAt = performance.now();
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    return { answer: parse(await response.json()), askedAt, receivedAt };
  } finally {
    clearTimeout(timer);
  }
}

export async function fetchStations(): Promise<Timed<StationsAnswer>> {
  const timed = await ask('/api/v1/stations', parseStations);
  if (!timed) throw new Error('the server has no stations API');
  return timed;
}

/** Null until the stream's first byte was sent, and some time after the stream ended. */
export async function fetchListener(key: string): Promise<ListenerAnswer | null> {
  return (await ask(`/api/v1/listeners/${encodeURIComponent(key)}`, parseListener))?.answer ?? null;
}

export async function fetchProblems(): Promise<Problem[]> {
  return (await ask('/api/v1/library/problems', parseProblems))?.answer ?? [];
}
