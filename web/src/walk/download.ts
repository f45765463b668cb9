// Brings one file into the blocks: from where it broke off, whatever broke it; checked by its hash as it is stored, not
// as it came over the wire.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { blockBytes, type Blocks } from './blocks';

export interface Wanted {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Fetch = (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;

export type Outcome =
  | 'ready'
  /** Stopped, or the network broke off: to be tried again. */
  | 'interrupted'
  | 'full'
  /** The server has another file by now, or none. */
  | 'gone'
  /** What is stored is not what was promised. It was thrown away. */
  | 'spoilt';

/** Nothing arrives for so long: the connection is dead. */
const stallMs = 20_000;

export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / blockBytes);
}

export class Download {
  private readonly abort = new AbortController();
  private stall: ReturnType<typeof setTimeout> | undefined;

  /** `have`: bytes stored already, whole blocks. */
  constructor(
    private readonly wanted: Wanted,
    private have: number,
    private readonly blocks: Blocks,
    private readonly fetch: Fetch,
    private readonly onHave: (bytes: number) => void,
  ) {}

  stop(): void {
    this.abort.abort();
  }

  async run(): Promise<Outcome> {
    try {
      if (this.have < this.wanted.bytes) {
        const outcome = await this.bring();
        if (outcome !== 'ready') return outcome;
      }
      return await this.check();
    } catch (error) {
      return isFull(error) ? 'full' : 'interrupted';
    } finally {
      clearTimeout(this.stall);
    }
  }

  private async bring(): Promise<Outcome> {
    const { url, bytes, sha256: hash } = this.wanted;
    this.alive();
    const headers = { Range: `bytes=${this.have}-`, 'If-Range': `"${hash}"` };
    const response = await this.fetch(url, { headers, signal: this.abort.signal });
    if (response.status === 404 || response.status === 410 || response.status === 416) return 'gone';
    if (response.status !== 200 && response.status !== 206) return 'interrupted';
    const tag = response.headers.get('ETag');
    if (tag !== null && tag !== `"${hash}"`) return 'gone';
    if (response.status === 200) this.have = 0; // all of it, from the beginning
    else if (!response.headers.get('Content-Range')?.startsWith(`bytes ${this.have}-`)) return 'gone';
    if (!response.body) return 'interrupted';
    await this.store(response.body.getReader());
    return this.have === bytes ? 'ready' : 'interrupted';
  }

  /** Reads no faster than it is written. */
  private async store(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    let block = new Uint8Array(blockBytes);
    let filled = 0;
    for (;;) {
      const { done, value } = await reader.read();
      this.alive();
      for (let at = 0; value && at < value.length; ) {
        const count = Math.min(value.length - at, blockBytes - filled);
        block.set(value.subarray(at, at + count), filled);
        [at, filled] = [at + count, filled + count];
        if (filled === blockBytes || this.have + filled === this.wanted.bytes) {
          await this.put(block.slice(0, filled));
          [block, filled] = [new Uint8Array(blockBytes), 0];
        }
        if (this.have === this.wanted.bytes) return void reader.cancel().catch(() => {});
      }
      if (done) return;
    }
  }

  private async put(block: Uint8Array): Promise<void> {
    const have = this.have + block.length;
    await this.blocks.write(Math.floor(this.have / blockBytes), block, { sha256: this.wanted.sha256, have, checked: false });
    this.have = have;
    this.onHave(have);
  }

  /** A block at a time, so that the page goes on in between. */
  private async check(): Promise<Outcome> {
    const { bytes, sha256: hash } = this.wanted;
    clearTimeout(this.stall);
    const state = sha256.create();
    for (let n = 0; n < blocksOf(bytes); n += 1) {
      const block = await this.blocks.read(hash, n).catch(() => new Uint8Array(0));
      state.update(block);
      await new Promise((resolve) => setTimeout(resolve));
      if (this.abort.signal.aborted) return 'interrupted';
    }
    if (bytesToHex(state.digest()) !== hash) {
      await this.blocks.drop(hash);
      this.have = 0;
      this.onHave(0);
      return 'spoilt';
    }
    await this.blocks.note({ sha256: hash, have: bytes, checked: true });
    return 'ready';
  }

  private alive(): void {
    clearTimeout(this.stall);
    this.stall = setTimeout(() => this.abort.abort(), stallMs);
  }
}

function isFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { name?: unknown }).name === 'QuotaExceededError';
}
