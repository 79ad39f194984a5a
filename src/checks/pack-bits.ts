import { Broken } from '../bytes/errors.ts';
import { overrun } from '../bytes/overrun.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';

export interface PackedRows {
  /** Where the last row ends. */
  readonly end: number;
  /** The longest row, packed, in bytes. */
  readonly longest: number;
  /** Rows that a run led across. */
  readonly crossed: number;
}

/**
 * Walks `rows` rows of `width` bytes packed by PackBits (TIFF 6.0 section 9): no run should lead across a row.
 * @throws Broken when a run leads beyond the last row; Truncated
 */
export function walkPackBits(reader: Reader, { start, end }: Range, rows: number, width: number): PackedRows {
  const total = rows * width;
  let at = start;
  let rowAt = start;
  let longest = 0;
  let crossed = 0;
  let rowEnd = width;
  for (let produced = 0; produced < total; ) {
    if (at >= end) throw overrun(reader, end, 'packed rows', 1);
    const code = reader.u8(at);
    reader.meter.step();
    if (code === 128) {
      at++;
      continue;
    }
    produced += code < 128 ? code + 1 : 257 - code;
    at += code < 128 ? code + 2 : 2;
    if (produced < rowEnd) continue;
    if (produced > rowEnd) crossed++;
    longest = Math.max(longest, at - rowAt);
    rowAt = at;
    rowEnd = (Math.floor(produced / width) + 1) * width;
    if (produced > total) throw new Broken(at, 'packed rows', `${total} bytes`, produced);
  }
  if (at > end) throw overrun(reader, end, 'packed rows', at - end);
  return { end: at, longest, crossed };
}
