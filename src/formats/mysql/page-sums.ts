import { adler32 } from '../../checks/adler32.ts';
import { crc32c } from '../../checks/crc32c.ts';
import type { Page } from '../pages.ts';
import type { Tablespace } from './tablespace.ts';

/** What a page says where checksums are off: BUF_NO_CHECKSUM_MAGIC. */
const NONE = 0xdeadbeef;
const HEADER = 38;
const TRAILER = 8;
const COMPRESSED_MARK = 0x8000;

/** How a page's sum stands: it holds, it's off, or it contradicts. */
export type SumState = 'holds' | 'off' | 'contradicts';

/** Compares the sum of a page by all the algorithms that servers have used. */
export function judgeSum(page: Page, { kind }: Tablespace): SumState {
  if (kind === 'full CRC-32') return judgeFullCrc(page);
  if (kind === 'compressed rows') return judgeCompressedRows(page);
  return judgeClassic(page);
}

/** One CRC-32C over the page, at its end; pages that are packed end earlier (MariaDB, buf0checksum.cc, fil0fil.h). */
function judgeFullCrc({ bytes, view }: Page): SumState {
  const size = packedSize(view.getUint16(24)) ?? bytes.length;
  if (size > bytes.length || size < HEADER) return 'contradicts';
  const sum = crc32c(bytes.subarray(0, size - 4));
  return sum === view.getUint32(size - 4) ? 'holds' : 'contradicts';
}

/** Bytes of a page that is packed, of which the rest is a hole; null where it isn't. */
export function packedSize(type: number): number | null {
  return (type & COMPRESSED_MARK) === 0 ? null : (type & 0x7fff & ~0x80) << 8;
}

/** The sum leaves out itself, the flush LSN and the space; the low half of the LSN stands at the end again. */
function judgeClassic({ bytes, view }: Page): SumState {
  const end = bytes.length - TRAILER;
  const [first, last] = [view.getUint32(0), view.getUint32(end)];
  if (first === NONE && last === NONE) return 'off';
  const crc = (crc32c(bytes.subarray(4, 26)) ^ crc32c(bytes.subarray(HEADER, end))) >>> 0;
  if (first === crc && (last === crc || last === NONE || hasLsnTwin(view, end))) return 'holds';
  const isNew = (fold(bytes, 4, 26) + fold(bytes, HEADER, end)) >>> 0 === first;
  if (isNew && (last === fold(bytes, 0, 26) || hasLsnTwin(view, end))) return 'holds';
  return 'contradicts';
}

function hasLsnTwin(view: DataView, end: number): boolean {
  return view.getUint32(end + 4) === view.getUint32(20);
}

/** Rows that are packed by zlib: the sum goes over all but the LSN and the flush LSN (page0zip.cc). */
function judgeCompressedRows({ bytes, view }: Page): SumState {
  const stored = view.getUint32(0);
  if (stored === NONE) return 'off';
  const parts = [bytes.subarray(4, 16), bytes.subarray(24, 26), bytes.subarray(34)] as const;
  const crc = parts.reduce((sum, part) => (sum ^ crc32c(part)) >>> 0, 0);
  if (crc === stored) return 'holds';
  return parts.reduce((sum, part) => adler32(part, sum), 0) === stored ? 'holds' : 'contradicts';
}

/** The algorithm called `innodb` (ut0rnd.ic, ut_fold_binary). */
function fold(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    value = ((((value ^ byte ^ 1653893711) << 8) + value) ^ 1463735687) + byte;
  }
  return value >>> 0;
}
