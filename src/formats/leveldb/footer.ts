import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Where a block stands, without the five bytes behind it that hold its compression and its sum. */
export interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

export type SumKind = 'none' | 'crc32c' | 'xxh32' | 'xxh64' | 'xxh3';

export interface Footer {
  readonly start: number;
  readonly sum: SumKind;
  readonly metaIndex: BlockHandle;
  /** Null where the index is listed in the meta-index (RocksDB format version 6). */
  readonly index: BlockHandle | null;
  /** What each sum is combined with, by the place of its block (RocksDB format version 6); 0 for nothing. */
  readonly context: number;
}

const LEVELDB = 48;
const ROCKSDB = 53;
const sums: readonly SumKind[] = ['none', 'crc32c', 'xxh32', 'xxh64', 'xxh3'];
const EXTENDED = '\x3e\0\x7a\0';

/** Reads the end of a table (LevelDB, table_format.md, "footer"; RocksDB, table/format.cc). @throws Broken */
export function readFooter(reader: Reader): Footer {
  const isLevelDb = reader.has(reader.size - 8, [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);
  const start = reader.size - (isLevelDb ? LEVELDB : ROCKSDB);
  if (start < 0) throw new Broken(0, 'footer', 'at least 48 bytes', reader.size);
  if (isLevelDb) return { start, sum: 'crc32c', context: 0, ...readHandles(reader, start) };
  const kind = reader.u8(start);
  const sum = sums[kind];
  if (sum === undefined) throw new Broken(start, 'kind of sum', '0 to 4', kind);
  if (reader.has(start + 1, EXTENDED)) return readExtended(reader, start, sum);
  const version = reader.u32le(start + 41, 'format version');
  if (version > 5) throw new Broken(start + 41, 'format version', 'up to 5', version);
  return { start, sum, context: 0, ...readHandles(reader, start + 1) };
}

function readExtended(reader: Reader, start: number, sum: SumKind): Footer {
  const size = reader.u32le(start + 13, 'size of the meta-index');
  const offset = start - 5 - size;
  if (offset < 0) throw new Broken(start + 13, 'size of the meta-index', `up to ${start}`, size);
  return { start, sum, context: reader.u32le(start + 9), metaIndex: { offset, size }, index: null };
}

function readHandles(reader: Reader, at: number): { metaIndex: BlockHandle; index: BlockHandle } {
  const bytes = reader.bytes(at, 40, 'footer');
  const metaIndex = readHandle(bytes, 0);
  const index = metaIndex === null ? null : readHandle(bytes, metaIndex.end);
  if (metaIndex === null || index === null) throw new Broken(at, 'handles of the footer');
  const rest = bytes.subarray(index.end);
  if (rest.some((byte) => byte !== 0))
    throw new Broken(at + index.end, 'rest of the footer', 'zeros', 'others');
  return { metaIndex, index };
}

/** Two varints (table_format.md, "BlockHandle"); null where there are none. */
export function readHandle(bytes: Uint8Array, at: number): (BlockHandle & { readonly end: number }) | null {
  const offset = readVarint(bytes, at);
  const size = offset === null ? null : readVarint(bytes, offset.end);
  if (offset === null || size === null) return null;
  return { offset: offset.value, size: size.value, end: size.end };
}

export interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Seven bits a byte, the lowest first; null where the bytes end before, or from 2^53 on. */
export function readVarint(bytes: Uint8Array, at: number): Varint | null {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: at + i + 1 } : null;
  }
  return null;
}
