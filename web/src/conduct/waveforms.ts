// The pictures of the assets, each asked for once and kept while the page is open.

import { signal } from '@preact/signals';
import type { Asset } from '../walk/types';
import { parsePeaks, type Peaks } from './peaks';

/** `step` is in samples. Rejects when there is none, or the server is away. */
export type FetchPeaks = (id: string) => Promise<{ bytes: ArrayBuffer; step: number }>;

const again = 5000;

export class Waveforms {
  /** By the hash of the asset. */
  private readonly known = signal<ReadonlyMap<string, Peaks>>(new Map());
  private readonly asked = new Set<string>();

  constructor(private readonly fetchPeaks: FetchPeaks) {}

  /** Undefined until it is here; asks for it. */
  of({ id, file }: Asset): Peaks | undefined {
    if (!file) return undefined;
    if (!this.asked.has(file.sha256)) void this.load(id, file.sha256, file.rate);
    return this.known.value.get(file.sha256);
  }

  private async load(id: string, hash: string, rate: number): Promise<void> {
    this.asked.add(hash);
    try {
      const { bytes, step } = await this.fetchPeaks(id);
      const peaks = parsePeaks(bytes, step, rate);
      if (peaks) this.known.value = new Map([...this.known.peek(), [hash, peaks]]);
    } catch {
      setTimeout(() => {
        this.asked.delete(hash);
        this.known.value = new Map(this.known.peek()); // so that whoever shows it asks again
      }, again);
    }
  }
}

/** As a port of this page. */
export const fetchPeaks: FetchPeaks = async (id) => {
  const response = await fetch(`/api/v1/walk/assets/${encodeURIComponent(id)}/peaks`);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return { bytes: await response.arrayBuffer(), step: Number(response.headers.get('Tutti-Step') ?? NaN) };
};
