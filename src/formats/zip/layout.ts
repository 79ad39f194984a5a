import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { readSizes } from './zip64.ts';

/** What both copies of an entry's header tell (APPNOTE §4.4). */
export interface Header {
  readonly version: number;
  readonly flags: number;
  readonly method: number;
  /** DOS time in the lower, DOS date in the upper half. */
  readonly time: number;
  /** CRC-32 of the unpacked content. */
  readonly sum: number;
  /** Bytes as packed; unless zip64 says otherwise. */
  readonly packedSize: number;
  /** Bytes as unpacked. */
  readonly size: number;
  /** Where the name stands. */
  readonly name: Range;
  readonly extra: Range;
}

/** A header of the central directory (APPNOTE §4.3.12). */
export interface CentralHeader extends Header, Range {
  readonly comment: Range;
  readonly disk: number;
  /** Where the local header is, as stored; a prefix shifts it. */
  readonly localAt: number;
}

/** A header before the content (APPNOTE §4.3.7). It ends where the content begins. */
export interface LocalHeader extends Header, Range {}

export const LOCAL = 'PK\x03\x04';
export const CENTRAL = 'PK\x01\x02';
export const DESCRIPTOR = 'PK\x07\x08';
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;

/** General purpose bits (APPNOTE §4.4.4). */
export const ENCRYPTED = 1;
export const HAS_DESCRIPTOR = 8;
export const STRONG = 0x40;
export const MASKED = 0x2000;

/** @throws Broken, Truncated */
export function readCentralHeader(reader: Reader, start: number): CentralHeader {
  reader.expect(start, CENTRAL, 'central directory header');
  const nameEnd = start + CENTRAL_LENGTH + reader.u16le(start + 28, 'zip header');
  const extraEnd = nameEnd + reader.u16le(start + 30, 'zip header');
  const end = extraEnd + reader.u16le(start + 32, 'zip header');
  const extra = { start: nameEnd, end: extraEnd };
  const sizes = readSizes(reader, start + 20, extra, reader.u32le(start + 42, 'zip header'));
  return {
    start,
    end,
    version: reader.u16le(start + 6),
    flags: reader.u16le(start + 8),
    method: reader.u16le(start + 10),
    time: reader.u32le(start + 12),
    sum: reader.u32le(start + 16),
    packedSize: sizes.packedSize,
    size: sizes.size,
    name: { start: start + CENTRAL_LENGTH, end: nameEnd },
    extra,
    comment: { start: extraEnd, end },
    disk: reader.u16le(start + 34),
    localAt: sizes.localAt,
  };
}

/** @throws Broken, Truncated */
export function readLocalHeader(reader: Reader, start: number): LocalHeader {
  reader.expect(start, LOCAL, 'local file header');
  const nameEnd = start + LOCAL_LENGTH + reader.u16le(start + 26, 'zip header');
  const end = nameEnd + reader.u16le(start + 28, 'zip header');
  const extra = { start: nameEnd, end };
  const sizes = readSizes(reader, start + 18, extra, 0);
  return {
    start,
    end,
    version: reader.u16le(start + 4),
    flags: reader.u16le(start + 6),
    method: reader.u16le(start + 8),
    time: reader.u32le(start + 10),
    sum: reader.u32le(start + 14),
    packedSize: sizes.packedSize,
    size: sizes.size,
    name: { start: start + LOCAL_LENGTH, end: nameEnd },
    extra,
  };
}

/**
 * Reads the descriptor behind an entry's content (APPNOTE §4.3.9), whose signature may be missing and whose sizes may
 * have 32 or 64 bits; whichever agrees with `entry` is the one. Gives its end.
 * @throws Broken where none agrees
 */
export function readDescriptor(
  reader: Reader,
  at: number,
  entry: { readonly sum: number; readonly packedSize: number; readonly size: number },
): number {
  for (const start of reader.has(at, DESCRIPTOR) ? [at + 4, at] : [at]) {
    if (reader.size - start < 12 || reader.u32le(start) !== entry.sum) continue;
    if (reader.u32le(start + 4) === entry.packedSize && reader.u32le(start + 8) === entry.size)
      return start + 12;
    if (reader.size - start < 20) continue;
    if (reader.u64le(start + 4) === entry.packedSize && reader.u64le(start + 12) === entry.size)
      return start + 20;
  }
  throw new Broken(at, 'data descriptor', 'CRC-32 and sizes of the entry', 'others');
}
