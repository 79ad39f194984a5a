import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountBlock, type BlockCodec, blockCodecs, holds, MOST_BLOCK, unpackAt } from '../block-codecs.ts';
import { type Struct, ThriftReader } from './thrift.ts';

/** A column of a group of rows: its pages stand in a row. */
export interface Column extends Range {
  readonly codec: number;
}

/** Old writers leave the header of the dictionary page out of the column's size (PARQUET-816). In bytes. */
const FORGOTTEN = 100;

/** Of a header with statistics in it, in bytes. */
const HEADER_FLOOR = 64;

/** Pages tile the column, whose end this gives: a header each (parquet.thrift, PageHeader), then as many bytes as it says. */
export function verifyColumn(reader: Reader, ledger: Ledger, column: Column, limit: number): number {
  const last = Math.min(limit, column.end + FORGOTTEN);
  let at = column.start;
  while (at < column.end) {
    const thrift = new ThriftReader(reader, at, last);
    const header = thrift.struct();
    const size = numberOf(header, 3);
    const page = { start: thrift.at, end: thrift.at + size };
    if (size < 0 || page.end > last)
      throw new Broken(at, 'size of a page', `at most ${last - thrift.at}`, size);
    // It gives the size of the next bytes, packed and unpacked: nothing else leads to the next page.
    const floor = Math.min(HEADER_FLOOR, page.start - at);
    ledger.account(at, page.start, 'grammar', 'header of a page', floor);
    verifyPage(reader, ledger, { ...page, codec: column.codec }, header);
    at = page.end;
  }
  if (at > column.end) ledger.oddity(column.start, 'the size of a column leaves out a page header');
  return at;
}

export function numberOf(struct: Struct, id: number): number {
  const value = struct.get(id);
  return typeof value === 'number' ? value : -1;
}

const UNCOMPRESSED = 0;
const GZIP = 2;
const HEADER_V2 = 8;
/** By number (parquet.thrift, CompressionCodec). LZO, and LZ4 as Hadoop frames it, aren't unpacked. */
const codecs: Readonly<Record<number, BlockCodec>> = {
  1: blockCodecs.snappy,
  [GZIP]: blockCodecs.gzip,
  4: blockCodecs.brotli,
  6: blockCodecs.zstd,
  7: blockCodecs.lz4,
};

function verifyPage(reader: Reader, ledger: Ledger, page: Column, header: Struct): void {
  const { start, end, codec } = page;
  if (end <= start) return;
  const sum = header.get(4);
  if (typeof sum === 'number') {
    let computed = 0;
    for (const part of reader.stream(start, end)) computed = crc32(part, computed);
    if (computed === sum >>> 0) {
      ledger.account(start, end, 'checksum', 'CRC-32 of a page');
      return;
    }
    throw new Broken(start, 'CRC-32 of a page', sum >>> 0, computed);
  }
  const levels = levelsOf(header.get(HEADER_V2), end - start);
  if (levels.length > 0) ledger.raw(start, start + levels.length, 'levels');
  const values = { start: start + levels.length, end };
  if (codec === UNCOMPRESSED || !levels.isPacked) ledger.raw(values.start, end, 'values');
  else decodePage(reader, ledger, { ...values, codec }, numberOf(header, 2) - levels.length);
}

/** Version 2 keeps the levels out of what is compressed. */
function levelsOf(header: unknown, most: number): { length: number; isPacked: boolean } {
  if (!(header instanceof Map)) return { length: 0, isPacked: true };
  const length = numberOf(header as Struct, 5) + numberOf(header as Struct, 6);
  return { length: Math.max(0, Math.min(most, length)), isPacked: numberOf(header as Struct, 7) !== 0 };
}

function decodePage(reader: Reader, ledger: Ledger, { start, end, codec }: Column, size: number): void {
  if (end <= start) return;
  const unpack = codecs[codec];
  const isNamed = codec === GZIP && reader.u8(start + 3) !== 0;
  if (unpack === undefined || isNamed || end - start > MOST_BLOCK || size > MOST_BLOCK) {
    ledger.coded(start, end, 'packed values');
    return;
  }
  const packed = reader.whole(start, end, 'page');
  const unpacked = unpackAt(start, () => unpack(packed, size, reader.meter));
  const expectSize = ({ length }: Uint8Array) => {
    if (length !== size) throw new Broken(start, 'size of a page', size, length);
  };
  expectSize(unpacked.content);
  const passes = (tried: Uint8Array) => holds(() => expectSize(unpack(tried, size, reader.meter).content));
  accountBlock(ledger, { start, end }, unpacked, packed, passes);
}
