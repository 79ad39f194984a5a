import type { Reader } from '../bytes/reader.ts';

const CHUNK = 1 << 14;

/**
 * Walks a range of the reader byte by byte over a copy of its own, so that jumps of others to far
 * places of the file cost nothing here.
 */
export class Cursor {
  readonly reader: Reader;
  /** Offset of the next byte, in bytes of the reader. May be set to any place of the range. */
  at: number;
  readonly end: number;
  readonly #chunk = new Uint8Array(CHUNK);
  #base = 0;
  #length = 0;

  constructor(reader: Reader, start: number, end: number) {
    this.reader = reader;
    this.at = start;
    this.end = end;
  }

  /** The next byte without taking it; −1 at the end of the range. */
  peek(): number {
    const index = this.at - this.#base;
    if (index >= 0 && index < this.#length) return this.#chunk[index]!;
    return this.#refill() ? this.#chunk[0]! : -1;
  }

  /** Takes the next byte; −1 at the end of the range. */
  take(): number {
    const code = this.peek();
    if (code >= 0) this.at++;
    return code;
  }

  #refill(): boolean {
    const length = Math.min(CHUNK, this.end - this.at);
    if (length <= 0) return false;
    this.reader.meter.step();
    this.#chunk.set(this.reader.bytes(this.at, length, 'PDF syntax'));
    this.#base = this.at;
    this.#length = length;
    return true;
  }
}
