import { CONTROL, costOfControl, isControl } from './controls.ts';
import { BIT } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';

const GOOD = Math.round(-1.1 * BIT);
const STRAY = 6 * BIT;
/**
 * UTF-8 and its part ASCII (RFC 3629): a byte is good where it belongs to a well-formed sequence.
 * Random bytes are good with 0.45 each, hence the cost of good ones.
 */
export class Utf8Scanner implements Scanner {
  readonly width = 1;
  readonly #habits: ReadonlySet<number>;
  #before = 0;

  constructor(habits: ReadonlySet<number>) {
    this.#habits = habits;
  }

  scan(bytes: Uint8Array, last: boolean, costs: Int16Array): number {
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      const length = byte >= 0xc2 && byte <= 0xf4 ? sequenceLength(bytes, at) : 1;
      if (length === 0 && !last) break;
      if (length > 1) costs.fill(GOOD, at, at + length);
      else costs[at] = this.#costOf(byte, bytes[at + 1] ?? 0);
      this.#before = byte;
      at += Math.max(1, length);
    }
    return at;
  }

  #costOf(byte: number, after: number): number {
    if (isControl(byte)) return costOfControl(byte, this.#before, after, this.#habits);
    if (byte === 0x7f) return CONTROL;
    return byte < 0x80 ? GOOD : STRAY;
  }
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
  floor: 40,
  mark: 0,
  scanner: (habits) => new Utf8Scanner(habits),
};
