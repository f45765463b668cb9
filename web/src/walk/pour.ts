// What arrives, cut into blocks. Where the browser can, it is read straight into them.

import { release } from './release';

type Body = ReadableStream<Uint8Array>;

interface Filling {
  /** Next bytes into the block from `at` on; how many, at most `most`; undefined: there are no more. */
  fill(at: number, most: number): Promise<number | undefined>;
  block(length: number): Uint8Array;
  cancel(): void;
}

/** The buffer goes back and forth. */
function straight(body: Body, size: number): Filling | undefined {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
  let buffer = new ArrayBuffer(size);
  return {
    fill: async (at, most) => {
      const { done, value } = await reader.read(new Uint8Array(buffer, at, most));
      if (value) buffer = value.buffer as ArrayBuffer;
      return done ? undefined : value.length;
    },
    block: (length) => new Uint8Array(buffer, 0, length),
    cancel: () => void reader.cancel().catch(() => {}),
  };
}

function copied(body: Body, size: number): Filling {
  const reader = body.getReader();
  const block = new Uint8Array(size);
  let piece = new Uint8Array(0);
  let taken = 0;
  return {
    fill: async (at, most) => {
      if (taken === piece.length) {
        release(piece);
        const { done, value } = await reader.read();
        if (done) return undefined;
        [piece, taken] = [value as Uint8Array<ArrayBuffer>, 0];
      }
      const cut = piece.subarray(taken, taken + most);
      block.set(cut, at);
      taken += cut.length;
      return cut.length;
    },
    block: (length) => block.subarray(0, length),
    cancel: () => void reader.cancel().catch(() => {}),
  };
}

/**
 * Calls `put` for each block of `size` bytes, and for the last one, which may be shorter; reads no faster than that resolves.
 * A block is only good until then. `bytes`: as many as are wanted, and no more; fewer where the body ends before.
 */
export async function pour(body: Body, size: number, bytes: number, put: (block: Uint8Array) => Promise<void>, onAlive: () => void): Promise<void> {
  const filling = straight(body, size) ?? copied(body, size);
  try {
    for (let left = bytes; left > 0; ) {
      const wanted = Math.min(size, left);
      let filled = 0;
      while (filled < wanted) {
        const count = await filling.fill(filled, wanted - filled);
        onAlive();
        if (count === undefined) return;
        filled += count;
      }
      // What is stored of a part would be the whole buffer.
      await put(filled === size ? filling.block(filled) : filling.block(filled).slice());
      left -= filled;
    }
  } finally {
    filling.cancel();
  }
}
