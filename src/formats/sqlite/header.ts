import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The first hundred bytes of a database ("Database File Format" §1.3). */
export interface DatabaseHeader {
  /** Bytes. */
  readonly pageSize: number;
  /** Bytes of a page that hold content: the page without its reserved tail (§1.3.4). */
  readonly usable: number;
  /** Pages by the header; 0 where its writer was too old to say (§1.3.7). */
  readonly statedPages: number;
  readonly firstTrunk: number;
  readonly freePages: number;
  /** Whether the file has pointer map pages (§1.8). */
  readonly autoVacuum: boolean;
  readonly encoding: Encoding;
}

/** The page that holds the bytes locked by SQLite, at 1 GiB, carries nothing (§1.4). */
const LOCKED_BYTE = 2 ** 30;
/** Text encoding 0 stands in a database in which nothing was ever created (§1.3.13). */
const encodings: readonly Encoding[] = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'];

/** Fields with few legal values: offset, name, values. */
const fixedBytes: readonly (readonly [number, string, readonly number[]])[] = [
  [18, 'file format write version', [1, 2]],
  [19, 'file format read version', [1, 2]],
  [21, 'maximum embedded payload fraction', [64]],
  [22, 'minimum embedded payload fraction', [32]],
  [23, 'leaf payload fraction', [32]],
];
const smallNumbers: readonly (readonly [number, string, number])[] = [
  [44, 'schema format number', 4],
  [56, 'text encoding', 3],
];

/** @throws Broken, Truncated */
export function readHeader(reader: Reader): DatabaseHeader {
  const pageSize = readPageSize(reader);
  const reserved = reader.u8(20);
  // §1.3.4: usable size is never below 480 bytes.
  if (pageSize - reserved < 480)
    throw new Broken(20, 'reserved space per page', 'at most page − 480', reserved);
  checkFixedFields(reader);
  const trusted = reader.u32be(24) === reader.u32be(92);
  return {
    pageSize,
    usable: pageSize - reserved,
    statedPages: trusted ? reader.u32be(28) : 0,
    firstTrunk: reader.u32be(32),
    freePages: reader.u32be(36),
    autoVacuum: reader.u32be(52) !== 0,
    encoding: encodings[reader.u32be(56)]!,
  };
}

function readPageSize(reader: Reader): number {
  reader.expect(0, 'SQLite format 3\0', 'header string');
  const stated = reader.u16be(16);
  const pageSize = stated === 1 ? 65536 : stated;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Broken(16, 'page size', 'a power of two from 512 to 65536', stated);
  }
  return pageSize;
}

function checkFixedFields(reader: Reader): void {
  for (const [at, what, values] of fixedBytes) {
    const value = reader.u8(at);
    if (!values.includes(value)) throw new Broken(at, what, values.join(' or '), value);
  }
  for (const [at, what, most] of smallNumbers) {
    const value = reader.u32be(at);
    if (value > most) throw new Broken(at, what, `at most ${most}`, value);
  }
  for (let at = 72; at < 92; at++) {
    if (reader.u8(at) !== 0) throw new Broken(at, 'bytes reserved for expansion', 0, reader.u8(at));
  }
}

export function lockedPage(header: DatabaseHeader): number {
  return LOCKED_BYTE / header.pageSize + 1;
}

/** Whether `page` is a pointer map page: page 2 and every (usable / 5 + 1)th after it (§1.8). */
export function isPointerMap(header: DatabaseHeader, page: number): boolean {
  if (!header.autoVacuum || page < 2) return false;
  const period = Math.floor(header.usable / 5) + 1;
  const locked = lockedPage(header);
  if (page === locked) return false;
  // A map that would fall on the locked page stands right behind it.
  if (page === locked + 1 && (locked - 2) % period === 0) return true;
  return (page - 2) % period === 0;
}
