import type { Range } from '../../bytes/range.ts';

/** Shorter runs are separators, or the zeros of UTF-16 and UTF-32. */
export const SHORTEST_ZERO_RUN = 16;
const needle = Buffer.alloc(SHORTEST_ZERO_RUN);

/** Finds runs of zeros in bytes that come in pieces: preallocated ends, holes that log rotation leaves, lost sectors. */
export class ZeroRuns {
  readonly #report: (run: Range) => void;
  #start = -1;
  #end = -1;

  constructor(report: (run: Range) => void) {
    this.#report = report;
  }

  /** Takes the bytes from offset `at` on, which follow those of the call before. */
  push(bytes: Uint8Array, at: number): void {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let from = 0;
    if (this.#end === at) {
      from = countZeros(bytes, 0);
      this.#end += from;
    }
    while (from < bytes.length) {
      const found = view.indexOf(needle, from);
      const start = found >= 0 ? found : bytes.length - zerosAtEnd(bytes, from);
      if (start === bytes.length) return;
      this.finish();
      this.#start = at + start;
      from = start + countZeros(bytes, start);
      this.#end = at + from;
    }
  }

  /** Reports the run at hand, if it's long enough. */
  finish(): void {
    if (this.#end - this.#start >= SHORTEST_ZERO_RUN) this.#report({ start: this.#start, end: this.#end });
    this.#start = this.#end = -1;
  }
}

function countZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at - from;
}

function zerosAtEnd(bytes: Uint8Array, from: number): number {
  let at = bytes.length;
  while (at > from && bytes[at - 1] === 0) at--;
  return bytes.length - at;
}
