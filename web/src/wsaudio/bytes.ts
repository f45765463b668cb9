// The bytes of a stream as they arrive: appended at the end, read anywhere, and let go at the beginning when it is long.

export class ByteStore {
  private chunks: Uint8Array[] = [];
  private starts: number[] = [];
  private first = 0;
  private last = 0;

  /** Offset of the first byte that is still here. */
  get begin(): number {
    return this.first;
  }

  /** Offset behind the last byte. */
  get end(): number {
    return this.last;
  }

  /** How much memory it holds. */
  get held(): number {
    return this.last - this.first;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push(bytes);
    this.starts.push(this.last);
    this.last += bytes.length;
  }

  /** The bytes of [from, to), cut to what is here. Not a copy where they lie in one piece: not to be written to. */
  slice(from: number, to: number): Uint8Array {
    const [begin, end] = [Math.max(from, this.first), Math.min(to, this.last)];
    if (begin >= end) return new Uint8Array(0);
    const index = this.indexOf(begin);
    const within = begin - this.starts[index]!;
    const chunk = this.chunks[index]!;
    if (within + (end - begin) <= chunk.length) return chunk.subarray(within, within + (end - begin));
    return this.joined(index, begin, end);
  }

  /** Lets go of whole chunks that end before `offset`. */
  dropBefore(offset: number): void {
    let count = 0;
    while (count < this.chunks.length && this.starts[count]! + this.chunks[count]!.length <= offset) count += 1;
    if (count === 0) return;
    this.chunks.splice(0, count);
    this.starts.splice(0, count);
    this.first = this.starts[0] ?? this.last;
  }

  private joined(index: number, begin: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - begin);
    for (let n = index; n < this.chunks.length && this.starts[n]! < end; n += 1) {
      const [chunk, start] = [this.chunks[n]!, this.starts[n]!];
      bytes.set(chunk.subarray(Math.max(0, begin - start), Math.min(chunk.length, end - start)), Math.max(0, start - begin));
    }
    return bytes;
  }

  /** The last chunk that starts at or before `offset`. */
  private indexOf(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
