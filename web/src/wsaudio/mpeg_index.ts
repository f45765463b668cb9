// Where each frame of an MP3 begins, found as the file arrives. It does not matter where the messages were cut.

import type { ByteStore } from './bytes';
import { describe, headerBytes, parseMpegHeader, type Description, type MpegHeader } from './mpeg_header';

const id3Bytes = 10;
/** So much that is no MP3 frame at the beginning: then it is none. */
const longestRubbish = 64 * 1024;

export class MpegIndex {
  /** Of the first frame; all others agree with it. */
  first: MpegHeader | undefined;
  description: Description | undefined;
  /** Nothing at the beginning looks like MP3. */
  failed = false;
  /** Offsets of the frames with sound, and behind the last. */
  private readonly offsets: number[] = [];
  private behind = 0;
  private at = 0;
  private tagRead = false;

  constructor(private readonly bytes: ByteStore) {}

  get frames(): number {
    return this.offsets.length;
  }

  /** Where frame n begins, and frame n-1 ends. */
  offset(n: number): number {
    return this.offsets[n] ?? this.behind;
  }

  /** Takes in what has been appended. */
  advance(): void {
    if (!this.tagRead && !this.skipTag()) return;
    while (!this.failed) {
      const header = parseMpegHeader(this.bytes.slice(this.at, this.at + headerBytes));
      if (header && this.agrees(header)) {
        if (this.at + header.bytes > this.bytes.end || !this.confirmed(header)) return;
        this.take(header);
      } else {
        if (this.at + headerBytes > this.bytes.end) return;
        this.at += 1;
        if (!this.first && this.at > longestRubbish) this.failed = true;
      }
    }
  }

  private agrees(header: MpegHeader): boolean {
    return !this.first || (header.rate === this.first.rate && header.channels === this.first.channels);
  }

  /** Any two bytes can look like a header. The first one counts only when another follows; false: not known yet. */
  private confirmed(header: MpegHeader): boolean {
    if (this.first) return true;
    const next = this.bytes.slice(this.at + header.bytes, this.at + header.bytes + headerBytes);
    if (next.length < headerBytes) return false;
    if (!parseMpegHeader(next)) {
      this.at += 1;
      this.advance();
      return false;
    }
    return true;
  }

  private take(header: MpegHeader): void {
    const end = this.at + header.bytes;
    if (!this.first) {
      this.first = header;
      this.description = describe(this.bytes.slice(this.at, end), header);
      if (!this.description) this.offsets.push(this.at);
    } else {
      this.offsets.push(this.at);
    }
    this.at = this.behind = end;
  }

  /** ID3v2 at the beginning: its length is in it. False: not all of its head is here yet. */
  private skipTag(): boolean {
    const head = this.bytes.slice(0, id3Bytes);
    if (head.length < id3Bytes) return false;
    this.tagRead = true;
    const [i, d, three, , , flags, ...size] = head;
    if (i === 0x49 && d === 0x44 && three === 0x33) {
      this.at = id3Bytes + size.reduce((sum, byte) => sum * 128 + (byte & 127), 0) + (flags! & 0x10 ? id3Bytes : 0);
    }
    return true;
  }
}
