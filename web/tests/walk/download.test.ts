import { createHash } from 'node:crypto';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { blockBytes, StoredBlocks, type Blocks } from '../../src/walk/blocks';
import { Download, type Fetch } from '../../src/walk/download';
import { WalkStore } from '../../src/walk/store';
import type { Asset } from '../../src/walk/types';
import { randomFrom } from '../audio/random';

Object.assign(globalThis, { IDBKeyRange });

const random = randomFrom(3);
const file = Uint8Array.from({ length: 3 * blockBytes + 12_345 }, () => random() * 256);
const sha256 = createHash('sha256').update(file).digest('hex');
const wanted = { url: '/walk/assets/forest', bytes: file.length, sha256 };

/** A server that breaks each answer off after so many bytes, and sends pieces of any length. */
function server(options: { breakAfter?: number; content?: Uint8Array; tag?: string; ranges?: boolean; straight?: boolean } = {}) {
  const { breakAfter = Infinity, content = file, tag = sha256, ranges = true, straight = false } = options;
  const asked: string[] = [];
  const fetch: Fetch = async (_url, { headers }) => {
    asked.push(headers['Range']!);
    const from = ranges && headers['If-Range'] === `"${tag}"` ? Number(/bytes=(\d+)-/.exec(headers['Range']!)![1]) : 0;
    let at = from;
    const body = new ReadableStream({
      ...(straight ? { type: 'bytes' as const } : {}),
      pull(controller: ReadableStreamDefaultController<Uint8Array> | ReadableByteStreamController) {
        if (at >= from + breakAfter) return controller.error(new TypeError('network error'));
        const end = Math.min(content.length, at + 1 + Math.floor(random() * 200_000), from + breakAfter);
        controller.enqueue(content.slice(at, end));
        at = end;
        if (at === content.length) controller.close();
      },
    });
    const range = { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` };
    return new Response(body, { status: from > 0 || ranges ? 206 : 200, headers: { ETag: `"${tag}"`, ...range } });
  };
  return { fetch, asked };
}

let blocks: StoredBlocks;
beforeEach(() => {
  const factory = new IDBFactory();
  blocks = new StoredBlocks(() => factory);
});

const stored = async (from: Blocks = blocks) => (await from.known())[0];

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

async function isWhole(): Promise<boolean> {
  const parts = await Promise.all([0, 1, 2, 3].map((n) => blocks.read(sha256, n)));
  return parts.every((part, n) => same(part, file.subarray(n * blockBytes, (n + 1) * blockBytes)));
}

describe('Download', () => {
  it.each([false, true])('stores the file in blocks and checks it; read straight into them: %s', async (straight) => {
    const have: number[] = [];
    expect(await new Download(wanted, 0, blocks, server({ straight }).fetch, (n) => have.push(n)).run()).toBe('ready');
    expect(have).toEqual([blockBytes, 2 * blockBytes, 3 * blockBytes, file.length]);
    expect(await stored()).toEqual({ sha256, have: file.length, checked: true });
    expect(await isWhole()).toBe(true);
  });

  it('goes on where it broke off', async () => {
    const { fetch, asked } = server({ breakAfter: 2 * blockBytes + 7 });
    expect(await new Download(wanted, 0, blocks, fetch, () => {}).run()).toBe('interrupted');
    const { have } = (await stored())!;
    expect(have).toBe(2 * blockBytes);
    expect(await new Download(wanted, have, blocks, fetch, () => {}).run()).toBe('ready');
    expect(asked).toEqual(['bytes=0-', `bytes=${2 * blockBytes}-`]);
    expect(await isWhole()).toBe(true);
  });

  it('begins anew where the server cannot go on', async () => {
    await new Download(wanted, 0, blocks, server({ breakAfter: blockBytes + 7 }).fetch, () => {}).run();
    expect(await new Download(wanted, blockBytes, blocks, server({ ranges: false }).fetch, () => {}).run()).toBe('ready');
  });

  it('throws away what is not what was promised', async () => {
    const content = file.slice();
    content[2 * blockBytes + 9]! ^= 1;
    expect(await new Download(wanted, 0, blocks, server({ content }).fetch, () => {}).run()).toBe('spoilt');
    expect(await blocks.known()).toEqual([]);
  });

  it('finds what the storage has lost', async () => {
    await new Download(wanted, 0, blocks, server().fetch, () => {}).run();
    await blocks.write(1, new Uint8Array(blockBytes), { sha256, have: file.length, checked: false });
    expect(await new Download(wanted, file.length, blocks, server().fetch, () => {}).run()).toBe('spoilt');
  });

  it('takes no other file for this one', async () => {
    expect(await new Download(wanted, 0, blocks, server({ tag: 'cd'.repeat(32) }).fetch, () => {}).run()).toBe('gone');
    expect(await new Download(wanted, 0, blocks, async () => new Response('', { status: 404 }), () => {}).run()).toBe('gone');
    expect(await new Download(wanted, 0, blocks, async () => new Response('', { status: 503 }), () => {}).run()).toBe('interrupted');
  });

  it('says that the disk is full, and keeps what it has', async () => {
    const full: Blocks = Object.create(blocks);
    full.write = async (n, bytes, note) => {
      if (n === 2) throw new DOMException('no room', 'QuotaExceededError');
      return blocks.write(n, bytes, note);
    };
    expect(await new Download(wanted, 0, full, server().fetch, () => {}).run()).toBe('full');
    expect(await stored()).toEqual({ sha256, have: 2 * blockBytes, checked: false });
  });
});

describe('WalkStore', () => {
  const asset: Asset = { id: 'forest', title: 'Forest', url: wanted.url, file: { ...wanted, rate: 48_000, frames: 1, delay: 1105 } };

  async function until(what: () => boolean): Promise<void> {
    for (let n = 0; n < 2000 && !what(); n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(what()).toBe(true);
  }

  it('brings what the walk needs, gives any part of it, and makes room', async () => {
    await blocks.write(0, new Uint8Array(9), { sha256: 'ee'.repeat(32), have: 9, checked: true });
    const store = new WalkStore({ blocks, fetch: server().fetch, persist: async () => true });
    await store.open();
    store.want([asset]);
    expect(store.read(sha256, 0, 10)).toBeUndefined();
    await until(() => store.of(asset).ready);
    for (const [from, to] of [[0, 10], [blockBytes - 3, blockBytes + 3], [5, file.length]] as const) {
      expect(same((await store.read(sha256, from, to))!, file.subarray(from, to))).toBe(true);
    }
    expect((await blocks.known()).map((one) => one.sha256)).toEqual([sha256]);
  });

  it('knows on the next visit what is here, without a network', async () => {
    const first = new WalkStore({ blocks, fetch: server().fetch, persist: async () => true });
    await first.open();
    first.want([asset]);
    await until(() => first.of(asset).ready);
    const second = new WalkStore({ blocks, fetch: async () => Promise.reject(new TypeError('offline')), persist: async () => true });
    second.want([asset]);
    await second.open();
    expect(second.of(asset)).toEqual({ have: file.length, ready: true });
  });

  it('says that the disk is full, and tries again when it is told to', async () => {
    let full = true;
    const small: Blocks = Object.create(blocks);
    small.write = async (n, bytes, note) => {
      if (full && n === 1) throw new DOMException('no room', 'QuotaExceededError');
      return blocks.write(n, bytes, note);
    };
    const store = new WalkStore({ blocks: small, fetch: server().fetch, persist: async () => true });
    await store.open();
    store.want([asset]);
    await until(() => store.trouble.value === 'full');
    full = false;
    store.hurry();
    await until(() => store.of(asset).ready);
    expect(store.trouble.value).toBe('none');
  });

  it('says where nothing can be stored', async () => {
    const none = new StoredBlocks(() => {
      throw new DOMException('private', 'SecurityError');
    });
    const store = new WalkStore({ blocks: none, fetch: server().fetch, persist: async () => true });
    await store.open();
    expect(store.trouble.value).toBe('storage');
  });
});
