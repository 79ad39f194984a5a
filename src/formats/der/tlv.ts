import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One tag, length, value (X.690 §8.1); offsets in bytes. */
export interface Tlv {
  readonly at: number;
  /** The identifier octet: class in bits 8–7, bit 6 for constructed, number in bits 5–1. */
  readonly tag: number;
  readonly start: number;
  /** −1 where the length is indefinite: zeros mark the end (BER only). */
  readonly end: number;
}

export const CONSTRUCTED = 0x20;
const HIGH_TAG = 0x1f;
const LONGEST_TAG = 4;

/** @throws Broken, Truncated when it reaches beyond `limit` */
export function readTlv(reader: Reader, at: number, limit: number): Tlv {
  const tag = reader.u8(at, 'tag');
  let next = at + 1;
  if ((tag & HIGH_TAG) === HIGH_TAG) next = endOfTag(reader, next);
  const first = reader.u8(next, 'length');
  if (first < 0x80) return within({ at, tag, start: next + 1, end: next + 1 + first }, limit);
  if (first === 0x80) return { at, tag, start: next + 1, end: -1 };
  const count = first & 0x7f;
  if (count > 6) throw new Broken(next, 'length of a value', 'at most 6 bytes', count);
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + reader.u8(next + i, 'length');
  const start = next + 1 + count;
  return within({ at, tag, start, end: start + length }, limit);
}

function endOfTag(reader: Reader, start: number): number {
  for (let at = start; at < start + LONGEST_TAG; at++) {
    if (reader.u8(at, 'tag') < 0x80) return at + 1;
  }
  throw new Broken(start, 'tag', `at most ${LONGEST_TAG} bytes`, 'more');
}

function within(tlv: Tlv, limit: number): Tlv {
  if (tlv.end <= limit) return tlv;
  if (limit === Number.POSITIVE_INFINITY) return tlv;
  throw new Truncated(limit, `value with tag ${tlv.tag.toString(16)}`, tlv.end - limit);
}

/** Whether [start, end) is one sequence, set or string and nothing more: what strings hold that wrap other values. */
export function isWrapped(reader: Reader, start: number, end: number): boolean {
  if (end - start < 2) return false;
  const tag = reader.u8(start);
  if (tag !== 0x30 && tag !== 0x31 && tag !== 0x04 && tag !== 0x03) return false;
  try {
    const inner = readTlv(reader, start, end);
    // BER without lengths, as PKCS#12 writers stream it, ends with zeros.
    return inner.end === end || (inner.end < 0 && reader.has(end - 2, [0, 0]));
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}
