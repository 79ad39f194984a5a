import { Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isZeroFilled } from './tail.ts';
import { accountText } from './text-field.ts';

/** A frame of Zstandard or LZ4 that decoders pass over (RFC 8878 §3.1.2). */
export function isSkippable(reader: Reader, at: number): boolean {
  return at + 8 <= reader.size && (reader.u32le(at) & ~15) >>> 0 === 0x184d2a50;
}

/** @throws Truncated */
export function skippableEnd(reader: Reader, at: number): number {
  const end = at + 8 + reader.u32le(at + 4);
  if (end > reader.size) throw new Truncated(reader.size, 'skippable frame', end - reader.size);
  return end;
}

const SEEK_TABLE = 0x184d2a5e;
const SEEKABLE = 0x8f92eab1;
const LONGEST_TEXT = 1 << 16;

/** What the frame carries is the writer's own: seek tables, zeros and texts are known, the rest stays unaccounted. */
export function accountSkippable(reader: Reader, ledger: Ledger, start: number): void {
  const end = skippableEnd(reader, start);
  ledger.account(start, start + 8, 'structure', 'header of a skippable frame');
  if (end - start === 8) return;
  if (isSeekTable(reader, start, end)) ledger.account(start + 8, end, 'structure', 'seek table', 16);
  else if (isZeroFilled(reader, start + 8, end)) ledger.account(start + 8, end, 'padding', 'zeros');
  else if (isBlockLength(reader, start, end))
    ledger.account(start + 8, end, 'structure', 'length of the frame behind');
  else if (end - start <= LONGEST_TEXT) accountText(reader, ledger, start + 8, end, 'skippable frame');
}

/** pzstd writes before each frame how long it is. */
function isBlockLength(reader: Reader, start: number, end: number): boolean {
  if (end - start !== 12 || end + 4 > reader.size) return false;
  const next = end + reader.u32le(start + 8);
  if (next === reader.size) return true;
  return next + 8 <= reader.size && (isSkippable(reader, next) || reader.u32le(next) === 0xfd2fb528);
}

/** Its entries give the lengths of the frames before it, which must add up to where it stands. */
function isSeekTable(reader: Reader, start: number, end: number): boolean {
  if (reader.u32le(start) !== SEEK_TABLE || end - start < 17) return false;
  if (reader.u32le(end - 4) !== SEEKABLE) return false;
  const count = reader.u32le(end - 9);
  const entry = (reader.u8(end - 5) & 0x80) !== 0 ? 12 : 8;
  if (start + 8 + count * entry + 9 !== end) return false;
  let total = 0;
  for (let i = 0; i < count; i++) total += reader.u32le(start + 8 + i * entry);
  return total === start;
}
