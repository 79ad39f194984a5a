import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

export const VHD_SECTOR = 512;
/** Length of the header of a dynamic disk, in bytes. */
export const VHD_HEADER = 1024;
/** Entry of the table whose block was never written. */
export const VHD_ABSENT = 0xffffffff;
export const VHD_FIXED = 2;
export const VHD_DYNAMIC = 3;
export const VHD_DIFFERENCING = 4;

/** Table of blocks of a dynamic disk. Offsets and sizes in bytes. */
export interface VhdTable {
  readonly at: number;
  /** Number of entries. */
  readonly count: number;
  /** Of a block's contents. */
  readonly block: number;
  /** Of the sector bitmap before each block. */
  readonly bitmap: number;
}

/**
 * Footers and headers hold the complement of the sum of all their bytes but those of the sum itself.
 * @param sumAt offset of the sum
 * @throws Broken, Truncated
 */
export function checkVhdSum(reader: Reader, at: number, length: number, sumAt: number): void {
  let sum = 0;
  for (const byte of reader.bytes(at, length)) sum += byte;
  for (let i = 0; i < 4; i++) sum -= reader.u8(sumAt + i);
  const stored = reader.u32be(sumAt);
  if (stored !== ~sum >>> 0) throw new Broken(sumAt, 'checksum', stored, ~sum >>> 0);
}

/** The header of a dynamic disk at `at`. @throws Broken, Truncated */
export function readVhdTable(reader: Reader, at: number): VhdTable {
  reader.expect(at, 'cxsparse', 'header of a dynamic disk');
  checkVhdSum(reader, at, VHD_HEADER, at + 36);
  const block = reader.u32be(at + 32);
  if (block < VHD_SECTOR || block % VHD_SECTOR !== 0) {
    throw new Broken(at + 32, 'size of a block', 'sectors', block);
  }
  return {
    at: reader.u64be(at + 16),
    count: reader.u32be(at + 28),
    block,
    bitmap: Math.ceil(block / VHD_SECTOR / 8 / VHD_SECTOR) * VHD_SECTOR,
  };
}
