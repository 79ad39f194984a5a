import { BIT } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';

const GOOD = Math.round(-1.1 * BIT);
const STRAY = 6 * BIT;
const CONTROL = 8 * BIT;

/** Controls that terminals, printers and old editors leave in text. BEL, BS, VT, FF, SUB */
const soft: Readonly<Record<number, number>> = { 7: 4, 8: 3, 11: 5, 12: 2, 26: 4 };
const ESCAPE = 0x1b;
/** What follows ESC in colour codes, character set designations (ISO 2022) and titles. */
const escaped = new Set([...'[]()$*+=>#%&NOPMDEHc78'].map((character) => character.charCodeAt(0)));

/**
 * UTF-8 and its part ASCII (RFC 3629): a byte is good where it belongs to a well-formed sequence.
 * Random bytes are good with 0.45 each, hence the cost of good ones.
 */
export class Utf8Scanner implements Scanner {
  readonly width = 1;
  readonly #single = new Int16Array(256);
  #before = 0;

  constructor(habits: ReadonlySet<number>) {
    for (let byte = 0; byte < 256; byte++) this.#single[byte] = costOfSingle(byte, habits);
  }

  scan(bytes: Uint8Array, last: boolean, costs: Int16Array): number {
    const single = this.#single;
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      if (byte >= 0xc2 && byte <= 0xf4) {
        const length = sequenceLength(bytes, at);
        if (length === 0 && !last) break;
        if (length > 1) {
          costs.fill(GOOD, at, at + length);
          at += length;
          this.#before = byte;
          continue;
        }
      }
      costs[at] = this.#costOf(byte, bytes[at + 1] ?? 0, single);
      this.#before = byte;
      at++;
    }
    return at;
  }

  #costOf(byte: number, next: number, single: Int16Array): number {
    if (byte === ESCAPE && escaped.has(next)) return 0;
    // Zeros in a row are no random bytes; `ZeroRuns` looks after them.
    if (byte === 0 && this.#before === 0) return 0;
    return single[byte]!;
  }
}

function costOfSingle(byte: number, habits: ReadonlySet<number>): number {
  if (habits.has(byte) || byte === 0x09 || byte === 0x0a || byte === 0x0d) return GOOD;
  if (byte in soft) return soft[byte]! * BIT;
  if (byte < 0x20 || byte === 0x7f) return CONTROL;
  return byte < 0x80 ? GOOD : STRAY;
}

/** Bytes of the well-formed sequence at `at`; 1 where it's malformed, 0 where the bytes end within it. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined) return 0;
    if ((next & 0xc0) !== 0x80) return 1;
    if (i === 1 && isOutOfRange(lead, next)) return 1;
  }
  return length;
}

/** RFC 3629 §4: overlong forms, surrogates, and what lies beyond U+10FFFF. */
function isOutOfRange(lead: number, next: number): boolean {
  if (lead === 0xe0) return next < 0xa0;
  if (lead === 0xed) return next > 0x9f;
  if (lead === 0xf0) return next < 0x90;
  return lead === 0xf4 && next > 0x8f;
}

export const utf8: Encoding = {
  name: 'utf-8',
  floor: 18,
  mark: 0,
  scanner: (habits) => new Utf8Scanner(habits),
};
