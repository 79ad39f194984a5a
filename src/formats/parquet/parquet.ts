import { Broken } from '../../bytes/errors.ts';
import { lengthOf, type Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { type Column, numberOf, verifyColumn } from './pages.ts';
import { type Struct, ThriftReader, type Value } from './thrift.ts';

const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';

export const parquet: Format = {
  id: 'parquet',
  title: 'Apache Parquet',
  extensions: ['parquet', 'parq'],
  signatures: [
    { at: 0, hex: '50415231' },
    { at: 0, hex: '50415245' },
  ],
  spec: 'Apache Parquet, File Format; parquet.thrift',
  proof:
    'footer, indexes and page headers by grammar, pages tile the columns, CRC-32 where set, that of gzip; other packed values decode, plain ones by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.has(0, ENCRYPTED)) {
      reader.expect(reader.size - 4, ENCRYPTED, 'magic at the end');
      ledger.protect(4, reader.size - 8, 'Parquet modular encryption');
      ledger.account(0, 4, 'structure', 'magic');
      ledger.account(reader.size - 8, reader.size, 'structure', 'end', 8);
      return;
    }
    reader.expect(reader.size - 4, MAGIC, 'magic at the end');
    const end = reader.size - 8;
    const start = end - reader.u32le(end, 'length of the footer');
    if (start < 4) throw new Broken(end, 'length of the footer', `at most ${end - 4}`, end - start);
    const footer = readStruct(reader, ledger, { start, end }, 'footer');
    ledger.account(0, 4, 'structure', 'magic');
    ledger.account(end, reader.size, 'structure', 'end of the file');
    const columns = columnsOf(footer);
    const indexes = verifyIndexes(reader, ledger, footer, start);
    const filters = verifyFilters(reader, ledger, footer, start);
    const parts = columns.map((column) => tryColumn(reader, ledger, column, start));
    accountGaps(reader, ledger, [{ start: 0, end: 4 }, ...parts, ...indexes, ...filters], {
      start: 0,
      end: start,
    });
  },
};

/** Random bytes as long as this break fields of a structure, in bytes, where no value is longer. */
const STRUCT_FLOOR = 64;
/** Least and greatest values stand four in a row, with two bytes between them. */
const VALUES = 4;
/** Longer values may be anything, and are raw, in bytes. */
const LONGEST_VALUE = 64;

/** Reads and accounts for a structure that fills a range. Names and metadata are text; minima and maxima may be anything. */
function readStruct(reader: Reader, ledger: Ledger, { start, end }: Range, by: string): Struct {
  const thrift = new ThriftReader(reader, start, end);
  const struct = thrift.struct();
  if (thrift.at !== end) throw new Broken(thrift.at, `end of the ${by}`, end, thrift.at);
  const values = thrift.binaries.filter((binary) => !isText(reader, binary));
  const long = values.filter((value) => lengthOf(value) > LONGEST_VALUE);
  const longest = Math.max(0, ...values.map((value) => Math.min(lengthOf(value), LONGEST_VALUE)));
  let at = start;
  for (const value of [...long, { start: end, end }]) {
    ledger.account(at, value.start, 'grammar', by, STRUCT_FLOOR + VALUES * longest);
    ledger.raw(value.start, value.end, 'least and greatest values');
    at = value.end;
  }
  return struct;
}

function isText(reader: Reader, { start, end }: Range): boolean {
  for (const part of reader.stream(start, end)) {
    if (part.some((code) => (code < 0x20 && (code < 9 || code > 13)) || code > 0x7e)) return false;
  }
  return true;
}

/** Where each page begins, and its least and greatest values (parquet.thrift, OffsetIndex and ColumnIndex). */
function verifyIndexes(reader: Reader, ledger: Ledger, footer: Struct, end: number): Range[] {
  const indexes: Range[] = [];
  for (const chunk of chunksOf(footer)) {
    for (const field of [4, 6]) {
      const start = numberOf(chunk, field);
      const index = { start, end: start + numberOf(chunk, field + 1) };
      if (start < 4 || index.end <= start || index.end > end) continue;
      attempt(ledger, index.end, () => readStruct(reader, ledger, index, 'index of pages'));
      indexes.push(index);
    }
  }
  return indexes;
}

/** A header and a set of bits, which may be any (parquet.thrift, BloomFilterHeader). */
function verifyFilters(reader: Reader, ledger: Ledger, footer: Struct, limit: number): Range[] {
  return chunksOf(footer).flatMap((chunk) => {
    const metadata = chunk.get(METADATA);
    const start = metadata instanceof Map ? numberOf(metadata as Struct, BLOOM_FILTER) : -1;
    if (start < 4 || start >= limit) return [];
    const thrift = new ThriftReader(reader, start, limit);
    const end = attempt(ledger, limit, () => {
      const size = numberOf(thrift.struct(), 1);
      if (size < 0 || thrift.at + size > limit)
        throw new Broken(start, 'size of a filter', `at most ${limit - thrift.at}`, size);
      return thrift.at + size;
    });
    if (end === null) return [];
    ledger.account(start, thrift.at, 'grammar', 'header of a filter', thrift.at - start);
    ledger.raw(thrift.at, end, 'filter');
    return [{ start, end }];
  });
}

const ROW_GROUPS = 4;
const COLUMNS = 1;
const METADATA = 3;
const BLOOM_FILTER = 14;

function chunksOf(footer: Struct): Struct[] {
  // Columns may stand in another file (file_path).
  return structs(footer.get(ROW_GROUPS))
    .flatMap((group) => structs(group.get(COLUMNS)))
    .filter((chunk) => !chunk.has(1));
}

function columnsOf(footer: Struct): Column[] {
  return chunksOf(footer).flatMap((chunk) => {
    const metadata = chunk.get(METADATA);
    return metadata instanceof Map ? [columnOf(metadata as Struct)] : [];
  });
}

/** The dictionary page stands first, where there is one. */
function columnOf(metadata: Struct): Column {
  const data = numberOf(metadata, 9);
  const dictionary = numberOf(metadata, 11);
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  return { start, end: start + numberOf(metadata, 7), codec: numberOf(metadata, 4) };
}

function structs(value: Value | undefined): Struct[] {
  return Array.isArray(value) ? value.filter((entry): entry is Struct => entry instanceof Map) : [];
}

function tryColumn(reader: Reader, ledger: Ledger, column: Column, end: number): Range {
  if (column.start < 4 || column.end > end || column.end < column.start) {
    ledger.broken(new Broken(end, 'place of a column', `4 to ${end}`, `${column.start} to ${column.end}`));
    return { start: end, end };
  }
  const last = attempt(ledger, column.end, () => verifyColumn(reader, ledger, column, end));
  return { start: column.start, end: last ?? column.end };
}

/** Null where it contradicts, which is noted. */
function attempt<T>(ledger: Ledger, end: number, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
    return null;
  }
}
