import { Broken } from '../../../bytes/errors.ts';
import type { Reader } from '../../../bytes/reader.ts';

/** A record of a workbook: type and length in two bytes each, then its data (MS-XLS §2.1.4). */
export interface BiffRecord {
  readonly type: number;
  readonly start: number;
  readonly data: number;
  readonly end: number;
}

/** Excel 2 to 5 have at most 2,080 bytes, 97 and later 8,224; charts of other writers a little more. */
const MOST_DATA = 8228;
const MOST_TYPE = 0x1800;

export const record = {
  eof: 0x0a,
  filePass: 0x2f,
  continued: 0x3c,
  sst: 0xfc,
  theme: 0x896,
  continuedNew: 0x87f,
  drawingGroup: 0xeb,
  bof: 0x809,
} as const;

/** BOF of BIFF2, 3, 4 and of 5 and later. */
export const bofTypes: ReadonlySet<number> = new Set([0x09, 0x209, 0x409, 0x809]);

/** Reads the record at `at`. @throws Broken unless its type and length are possible and it ends by `end` */
export function readRecord(reader: Reader, at: number, end: number): BiffRecord {
  const type = reader.u16le(at, 'record');
  const length = reader.u16le(at + 2, 'record');
  if (!isPossible(reader, at, end)) {
    throw new Broken(
      at,
      'record',
      `a type below 0x1800, at most ${MOST_DATA} bytes`,
      `0x${type.toString(16)}, ${length} bytes`,
    );
  }
  return { type, start: at, data: at + 4, end: at + 4 + length };
}

function isPossible(reader: Reader, at: number, end: number): boolean {
  const type = reader.u16le(at);
  const length = reader.u16le(at + 2);
  return type !== 0 && type <= MOST_TYPE && length <= MOST_DATA && at + 4 + length <= end;
}

const FOLLOWING = 8;

/** Where records go on behind others that are lost: random bytes make eight of them once in 10¹⁵. */
export function findRecords(reader: Reader, start: number): number {
  for (let at = start; at + 4 * FOLLOWING <= reader.size; at++) {
    reader.meter.step();
    if (isChain(reader, at)) return at;
  }
  return reader.size;
}

function isChain(reader: Reader, start: number): boolean {
  for (let at = start, count = 0; count < FOLLOWING; count++) {
    if (at === reader.size && count > 2) return true;
    if (at + 4 > reader.size || !isPossible(reader, at, reader.size)) return false;
    at += 4 + reader.u16le(at + 2);
  }
  return true;
}
