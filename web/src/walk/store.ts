// The walk's files on this phone: brings what is missing, one file after the other, and gives the engine what it reads.

import { signal } from '@preact/signals';
import { backoffMs } from '../clock/backoff';
import { blockBytes, type Blocks, type Stored } from './blocks';
import { release } from './release';
import { Download, type Fetch, type Outcome } from './download';
import type { Asset } from './types';

export interface Kept {
  /** Bytes that are stored. */
  readonly have: number;
  /** All of it, and found to be right. */
  readonly ready: boolean;
}

export type Trouble = 'none' | 'network' | 'full' | 'spoilt' | 'storage';

export interface WalkStorePorts {
  blocks: Blocks;
  fetch: Fetch;
  /** Asks the browser not to throw it away. */
  persist(): Promise<unknown>;
}

/** A file that came wrong twice comes wrong a third time. */
const mostSpoilt = 2;

export class WalkStore {
  /** By the hash of the file. */
  readonly kept = signal<ReadonlyMap<string, Kept>>(new Map());
  readonly trouble = signal<Trouble>('none');
  private wanted: readonly Asset[] = [];
  private known = false;
  private current: Download | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private spoilt = 0;
  private persisted = false;

  constructor(private readonly ports: WalkStorePorts) {}

  /** What is stored from an earlier visit. */
  async open(): Promise<void> {
    try {
      const stored = await this.ports.blocks.known();
      this.kept.value = new Map(stored.map(({ sha256, have, checked }) => [sha256, { have, ready: checked }]));
      this.known = true;
    } catch {
      this.trouble.value = 'storage';
    }
    void this.next();
  }

  /** The files of the walk as of now. What belongs to none of them makes room. */
  want(assets: readonly Asset[]): void {
    if (assets === this.wanted) return;
    this.wanted = assets;
    void this.next();
  }

  /** The network is back, or a person wants it. */
  hurry(): void {
    this.attempts = 0;
    if (this.known) void this.next();
    else void this.open();
  }

  of(asset: Asset): Kept {
    return (asset.file && this.kept.value.get(asset.file.sha256)) ?? { have: 0, ready: false };
  }

  /** Undefined: not stored yet. */
  read(sha256: string, from: number, to: number): Promise<Uint8Array> | undefined {
    if ((this.kept.peek().get(sha256)?.have ?? 0) < to) return undefined;
    return this.join(sha256, from, to);
  }

  private async join(sha256: string, from: number, to: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(to - from);
    for (let n = Math.floor(from / blockBytes); n * blockBytes < to; n += 1) {
      const block = await this.ports.blocks.read(sha256, n);
      const start = n * blockBytes;
      const cut = block.subarray(Math.max(0, from - start), Math.max(0, to - start));
      bytes.set(cut, Math.max(0, start - from));
      release(block);
    }
    return bytes;
  }

  private async next(): Promise<void> {
    if (this.current || !this.known) return;
    clearTimeout(this.retry);
    const missing = this.wanted.find((asset) => asset.file && !this.of(asset).ready);
    if (!missing?.file) return void (this.trouble.value = 'none');
    const { bytes, sha256 } = missing.file;
    this.persist();
    const download = (this.current = new Download(
      { url: missing.url, bytes, sha256 },
      this.of(missing).have,
      this.ports.blocks,
      this.ports.fetch,
      (have) => {
        this.attempts = 0;
        this.trouble.value = 'none';
        this.note(sha256, { have, ready: false });
      },
    ));
    await this.makeRoom();
    const outcome = await download.run();
    this.current = undefined;
    this.settle(outcome, { sha256, have: bytes, checked: true });
  }

  private settle(outcome: Outcome, { sha256, have }: Stored): void {
    if (outcome === 'ready') {
      this.spoilt = 0;
      this.note(sha256, { have, ready: true });
      return void this.next();
    }
    if (outcome === 'full') return void (this.trouble.value = 'full'); // until a person has made room
    if (outcome === 'spoilt' && ++this.spoilt >= mostSpoilt) return void (this.trouble.value = 'spoilt');
    this.attempts += 1;
    if (this.attempts > 1) this.trouble.value = 'network';
    this.retry = setTimeout(() => void this.next(), backoffMs(this.attempts));
  }

  /** Of files that the walk has no more. */
  private async makeRoom(): Promise<void> {
    const hashes = new Set(this.wanted.map(({ file }) => file?.sha256));
    for (const sha256 of this.kept.peek().keys()) {
      if (hashes.has(sha256)) continue;
      await this.ports.blocks.drop(sha256).catch(() => {});
      const kept = new Map(this.kept.peek());
      kept.delete(sha256);
      this.kept.value = kept;
    }
  }

  private note(sha256: string, kept: Kept): void {
    this.kept.value = new Map(this.kept.peek()).set(sha256, kept);
  }

  private persist(): void {
    if (this.persisted) return;
    this.persisted = true;
    this.ports.persist().catch(() => {});
  }
}
