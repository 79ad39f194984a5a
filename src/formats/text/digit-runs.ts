import type { Range } from '../../bytes/range.ts';

/** Shorter runs are words, digests up to SHA-512 in base64, and identifiers. In bytes. */
export const SHORTEST_DIGIT_RUN = 96;

/** Digits of base64 and base64url (RFC 4648 §4, §5), padding, and line ends. */
const isDigit = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-\r\n') {
  isDigit[character.charCodeAt(0)] = 1;
}

/**
 * Finds long runs of base64 or hexadecimal digits in bytes that come in pieces. As a run is long, only each 96th
 * byte needs a look, and from there back to the nearest byte that is no digit: a few percent of the text.
 */
export class DigitRuns {
  readonly #report: (run: Range) => void;
  /** Where the run began that reached the end of the last piece; −1 where none did. */
  #open = -1;

  constructor(report: (run: Range) => void) {
    this.#report = report;
  }

  /** Takes the bytes from offset `at` on, which follow those of the call before. */
  push(bytes: Uint8Array, at: number): void {
    let start = 0;
    if (this.#open >= 0) {
      start = skipDigits(bytes, 0);
      if (start === bytes.length) return;
      this.#close(at + start);
    }
    while (start + SHORTEST_DIGIT_RUN <= bytes.length) {
      const other = lastOther(bytes, start, start + SHORTEST_DIGIT_RUN);
      if (other >= start) {
        start = other + 1;
        continue;
      }
      const end = skipDigits(bytes, start + SHORTEST_DIGIT_RUN);
      this.#open = at + start;
      if (end === bytes.length) return;
      this.#close(at + end);
      start = end;
    }
    const other = lastOther(bytes, start, bytes.length);
    if (other + 1 < bytes.length) this.#open = at + Math.max(start, other + 1);
  }

  /** Says that the bytes ended at offset `end`. */
  finish(end: number): void {
    if (this.#open >= 0) this.#close(end);
  }

  #close(end: number): void {
    if (end - this.#open >= SHORTEST_DIGIT_RUN) this.#report({ start: this.#open, end });
    this.#open = -1;
  }
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isDigit[bytes[at]!] === 1) at++;
  return at;
}

/** Index of the last byte in [start, end) that is no digit; `start` − 1 where all are. */
function lastOther(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at >= start && isDigit[bytes[at]!] === 1) at--;
  return at;
}
