// Two hours of sound come and are checked within seconds on a good network. Browsers collect what was read or written only
// when much of it has gathered, and count little of what their storage holds: more than a phone has to spare.

/** Bytes, and what is claimed for so many and never touched: that costs no memory, and makes a collector look. */
const often = 2e6;
const claimed = 16 * 1024 * 1024;

let since = 0;

/** Gives back the memory of what is not needed any more at once, where the browser can. */
export function release(bytes: Uint8Array): void {
  passed(bytes.length);
  (bytes.buffer as ArrayBuffer & { transfer?(length: number): ArrayBuffer }).transfer?.(0);
}

/** So many bytes have gone to the storage, or come from there. */
export function passed(bytes: number): void {
  since += bytes;
  if (since < often) return;
  since = 0;
  try {
    void new ArrayBuffer(claimed).byteLength;
  } catch {
    // There is none to be claimed: it is being collected already.
  }
}
