import { Broken, OverBudget } from '../../bytes/errors.ts';
import { type Reader, WINDOW } from '../../bytes/reader.ts';
import { crc32c, maskCrc32c } from '../../checks/crc32c.ts';
import { decodeSnappy } from '../../checks/snappy.ts';
import { zstd } from '../../checks/stream-decoders.ts';
import { Sum } from '../../checks/sums.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { type BlockHandle, type Footer, readFooter, readVarint, type SumKind } from './footer.ts';
import { type Entry, readHandlesOf } from './index-block.ts';

/** Compression and sum. */
const TRAILER = 5;

/** One table, as it is looked through. */
interface Table {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly footer: Footer;
  readonly seen: Set<number>;
}

const about = {
  extensions: [],
  proof: 'every block has a checksum, and index and meta-index list them; the footer is fixed',
  texture: 'packed',
  verify: verifyTable,
} as const;

export const levelDbTable: Format = {
  ...about,
  id: 'leveldb-table',
  title: 'LevelDB table',
  extensions: ['ldb'],
  signatures: [{ at: -8, hex: '57fb808b247547db' }],
  spec: 'LevelDB, doc/table_format.md',
};

export const rocksDbTable: Format = {
  ...about,
  id: 'rocksdb-table',
  title: 'RocksDB table',
  signatures: [{ at: -8, hex: 'f7cff485b741e288' }],
  spec: 'RocksDB source, table/format.cc, block_based_table_builder.cc',
};

export const pebbleTable: Format = {
  ...about,
  id: 'pebble-table',
  title: 'Pebble table',
  signatures: [{ at: -8, hex: 'f09faab3f09faab3' }],
  spec: 'CockroachDB Pebble source, sstable/options.go',
};

function verifyTable(reader: Reader, ledger: Ledger): void {
  const footer = readFooter(reader);
  ledger.account(footer.start, reader.size, 'structure', 'footer', 8);
  const table: Table = { reader, ledger, footer, seen: new Set() };
  const listed = followBlock(table, footer.metaIndex, 'meta-index');
  let index = footer.index;
  for (const { key, handle } of listed) {
    if (key === 'rocksdb.index') index = handle;
    else attempt(table, handle, () => accountBlock(table, handle, 'meta blocks'));
  }
  if (index !== null) followIndex(table, index);
}

/** The index lists blocks of data, or, in large tables of RocksDB, parts of itself that do. */
function followIndex(table: Table, index: BlockHandle): void {
  for (const { handle } of followBlock(table, index, 'index')) {
    attempt(table, handle, () => {
      table.reader.meter.step();
      accountBlock(table, handle, 'blocks');
    });
  }
  const gaps = table.ledger.ranges('unaccounted');
  if (gaps.length > 0 && table.ledger.observations.length === 0) followParts(table, index);
}

/** Parts of an index are blocks that list blocks which nothing else accounts for. */
function followParts(table: Table, index: BlockHandle): void {
  for (const part of followBlock(table, index, 'index')) {
    const entries = tryHandles(table, part.handle);
    for (const { handle } of entries) {
      if (!table.seen.has(handle.offset)) attempt(table, handle, () => accountBlock(table, handle, 'blocks'));
    }
  }
}

function tryHandles(table: Table, handle: BlockHandle): Entry[] {
  try {
    const content = unpackBlock(table, handle);
    const entries = content === null ? [] : readHandlesOf(content, handle.offset);
    const fits = entries.every(
      ({ handle: { offset, size } }) => offset + size + TRAILER <= table.footer.start,
    );
    return fits ? entries : [];
  } catch (error) {
    if (error instanceof Broken) return [];
    throw error;
  }
}

/** Handles that a block lists; none, and a note, where it's broken. */
function followBlock(table: Table, handle: BlockHandle, what: string): Entry[] {
  try {
    accountBlock(table, handle, what);
    const content = unpackBlock(table, handle);
    return content === null ? [] : readHandlesOf(content, handle.offset);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    table.ledger.broken(error);
    return [];
  }
}

function attempt(table: Table, { offset, size }: BlockHandle, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    table.ledger.broken(error, Math.min(table.footer.start, offset + size + TRAILER));
  }
}

function accountBlock(table: Table, handle: BlockHandle, what: string): void {
  const { reader, ledger, footer, seen } = table;
  const { offset, size } = handle;
  const end = offset + size + TRAILER;
  if (!(size >= 0 && offset >= 0 && end <= footer.start)) {
    throw new Broken(
      footer.start,
      `handle of ${what}`,
      `a block before ${footer.start}`,
      `${offset} + ${size}`,
    );
  }
  if (seen.has(offset)) return;
  seen.add(offset);
  const sum = sumOf(table, handle);
  if (sum === null) {
    ledger.raw(offset, end - TRAILER, what);
    return;
  }
  const stored = reader.u32le(offset + size + 1);
  if (stored !== sum) throw new Broken(offset, `checksum of ${what}`, stored, sum);
  ledger.account(offset, end, 'checksum', what);
}

/** Null where the table has none, or one that isn't known here. */
function sumOf({ reader, footer }: Table, { offset, size }: BlockHandle): number | null {
  const sum = summers[footer.sum];
  if (sum === null) return null;
  const value = sum(reader, offset, offset + size + 1);
  if (footer.context === 0) return value;
  // RocksDB, table/format.h, ChecksumModifierForContext.
  const modifier = footer.context ^ ((offset % 2 ** 32) + Math.floor(offset / 2 ** 32));
  return (value + modifier) >>> 0;
}

type Summer = (reader: Reader, start: number, end: number) => number;
const summers: Readonly<Record<SumKind, Summer | null>> = {
  none: null,
  crc32c: (reader, start, end) => {
    let crc = 0;
    for (const part of reader.stream(start, end)) crc = crc32c(part, crc);
    return maskCrc32c(crc);
  },
  xxh32: (reader, start, end) => digest(reader, start, end, 'xxh32'),
  xxh64: (reader, start, end) => digest(reader, start, end, 'xxh64'),
  xxh3: null,
};

function digest(reader: Reader, start: number, end: number, kind: 'xxh32' | 'xxh64'): number {
  const sum = new Sum(kind);
  for (const part of reader.stream(start, end)) sum.add(part);
  return sum.digest().readUInt32LE(0);
}

const MOST_INDEX = 64 << 20;

/** The content of a block (RocksDB, util/compression.h); null, and a note, where its compression isn't known. @throws Broken */
function unpackBlock({ reader, ledger }: Table, { offset, size }: BlockHandle): Uint8Array | null {
  if (size > MOST_INDEX) throw new OverBudget('bytes of an index block', MOST_INDEX);
  const kind = reader.u8(offset + size);
  if (kind > ZSTD) throw new Broken(offset + size, 'compression of a block', `up to ${ZSTD}`, kind);
  if (kind === ZSTD) return unpackZstd(reader, offset, offset + size);
  const bytes = reader.whole(offset, offset + size, 'block');
  if (kind === NONE) return bytes;
  if (kind !== SNAPPY) {
    ledger.unexamined(offset, offset + size, `index packed by method ${kind}`);
    return null;
  }
  const output = decodeSnappy(bytes, offset, MOST_INDEX);
  reader.meter.produce(output.length);
  return output;
}

const NONE = 0;
const SNAPPY = 1;
const ZSTD = 7;

/** RocksDB puts the length of the content before the frame. */
function unpackZstd(reader: Reader, start: number, end: number): Uint8Array {
  const prefix = readVarint(reader.bytes(start, Math.min(10, end - start)), 0);
  const parts: Uint8Array[] = [];
  let produced = 0;
  const isFrame = reader.has(start, [0x28, 0xb5, 0x2f, 0xfd]);
  zstd.decode(reader, start + (isFrame ? 0 : (prefix?.end ?? 0)), end, (piece) => {
    produced += piece.length;
    if (produced > MOST_INDEX) throw new OverBudget('bytes of an index block', WINDOW);
    parts.push(piece.slice());
  });
  return Buffer.concat(parts);
}
