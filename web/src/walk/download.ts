// Brings one file into the blocks: from where it broke off, whatever broke it; checked by its hash on the way. Only what an
// earlier visit has stored is read again for that: reading is what browsers leave most behind of in memory.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { blockBytes, type Blocks } from './blocks';
import { pour } from './pour';
import { passed, release } from './release';

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
/** Blocks that are read again at a time. */
const together = 4;

export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / blockBytes);
}

export class Download {
  private readonly abort = new AbortController();
  private stall: ReturnType<typeof setTimeout> | undefined;
  /** Of what is stored. */
  private hash = sha256.create();

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
      await this.recall();
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
    if (response.status === 200) this.beginAnew(); // all of it, from the beginning
    else if (!response.headers.get('Content-Range')?.startsWith(`bytes ${this.have}-`)) return 'gone';
    if (!response.body) return 'interrupted';
    await pour(response.body, blockBytes, bytes - this.have, (block) => this.put(block), () => this.alive());
    return this.have === bytes ? 'ready' : 'interrupted';
  }

  private beginAnew(): void {
    this.have = 0;
    this.hash = sha256.create();
  }

  private async put(block: Uint8Array): Promise<void> {
    const have = this.have + block.length;
    this.hash.update(block);
    await this.blocks.write(Math.floor(this.have / blockBytes), block, { sha256: this.wanted.sha256, have, checked: false });
    passed(block.length);
    this.have = have;
    this.onHave(have);
  }

  /** Some blocks at a time, so that the page goes on in between. */
  private async recall(): Promise<void> {
    for (let n = 0; n < blocksOf(this.have); n += 1) {
      const block = await this.blocks.read(this.wanted.sha256, n).catch(() => new Uint8Array(0));
      this.hash.update(block);
      release(block);
      if (n % together === 0) await new Promise((resolve) => setTimeout(resolve));
      this.abort.signal.throwIfAborted();
    }
  }

  private async check(): Promise<Outcome> {
    const { bytes, sha256: promised } = this.wanted;
    clearTimeout(this.stall);
    if (bytesToHex(this.hash.digest()) !== promised) {
      await this.blocks.drop(promised);
      this.have = 0;
      this.onHave(0);
      return 'spoilt';
    }
    await this.blocks.note({ sha256: promised, have: bytes, checked: true });
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
