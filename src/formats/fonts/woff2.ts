import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../../checks/overwrite-trials.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { decodeBrotli } from '../brotli.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';

const HEADER = 48;
const COLLECTION = 0x74746366;
/** Indices of tags that are known (§4.1, table of known tags). */
const [GLYF, LOCA, HEAD, OTHER_TAG] = [10, 11, 1, 63];
const HEAD_MAGIC = 0x5f0f3cf5;
const MOST_UNPACKED = 64 << 20;
const MOST_METADATA = 16 << 20;
/** Larger streams are not decoded some thousand times, in bytes. */
const MOST_TRIED = 1 << 18;

export const woff2: Format = {
  id: 'woff2',
  title: 'Web Open Font Format 2',
  extensions: ['woff2'],
  signatures: [{ at: 0, hex: '774f4632' }],
  spec: 'W3C WOFF 2.0, section 4',
  proof:
    'the Brotli stream decodes, to its last byte, to exactly the tables of the list; trial overwrites of the file at hand show whether that is proof',
  texture: 'dense',
  verify(reader, ledger): void {
    const length = reader.u32be(8, 'length');
    if (length > reader.size) throw new Truncated(reader.size, 'WOFF2 file', length - reader.size);
    const directory = readDirectory(reader);
    const packed = { start: directory.end, end: directory.end + reader.u32be(20) };
    if (packed.end > length) throw new Broken(20, 'size of the packed tables', `up to ${length}`, packed.end);
    ledger.account(0, 12, 'structure', 'header', 8);
    ledger.account(12, 16, 'structure', 'number of tables', 8);
    ledger.account(20, 24, 'structure', 'size of the packed tables');
    ledger.account(HEADER, directory.end, 'structure', 'list of tables', 16);
    accountTables(reader, ledger, packed, directory);
    const parts = [{ start: 0, end: packed.end }, ...accountMetadata(reader, ledger)];
    accountGaps(reader, ledger, parts, { start: 0, end: length });
    accountTail(reader, ledger, length);
  },
};

interface Directory {
  /** Where it ends. */
  readonly end: number;
  /** Bytes of all tables together as they stand in the stream. */
  readonly size: number;
  /** Where `head` begins in them; −1 where it can't be told. */
  readonly head: number;
}

/** §4.1: flags, perhaps a tag, the length, and the length after a transformation. */
function readDirectory(reader: Reader): Directory {
  const count = reader.u16be(12, 'number of tables');
  if (count === 0) throw new Broken(12, 'number of tables', '1 at least', 0);
  let at = HEADER;
  let size = 0;
  let head = -1;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const flags = reader.u8(at, 'list of tables');
    const [tag, version] = [flags & 63, flags >> 6];
    at += tag === OTHER_TAG ? 5 : 1;
    let number = readBase128(reader, at);
    const isOutline = tag === GLYF || tag === LOCA;
    if (isOutline ? version !== 3 : version !== 0) number = readBase128(reader, number.end);
    if (tag === HEAD && version === 0 && number.value >= 54) head = size;
    size += number.value;
    at = number.end;
  }
  return { end: reader.u32be(4) === COLLECTION ? passCollection(reader, at) : at, size, head };
}

/** §4.2: version, number of fonts; each has a number of tables, a flavour and the indices of its tables. */
function passCollection(reader: Reader, start: number): number {
  const fonts = read255(reader, start + 4);
  let at = fonts.end;
  for (let left = fonts.value; left > 0; left--) {
    reader.meter.step();
    const tables = read255(reader, at);
    at = tables.end + 4;
    for (let i = 0; i < tables.value; i++) at = read255(reader, at).end;
  }
  return at;
}

interface Numeral {
  readonly value: number;
  readonly end: number;
}

/** §4.1, UIntBase128: seven bits a byte, up to five, no leading zeros. */
function readBase128(reader: Reader, start: number): Numeral {
  let value = 0;
  for (let at = start; at < start + 5; at++) {
    const byte = reader.u8(at, 'length of a table');
    if (at === start && byte === 0x80) break;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Broken(start, 'length of a table', 'UIntBase128', 'another');
}

/** §4.1, 255UInt16. */
function read255(reader: Reader, at: number): Numeral {
  const code = reader.u8(at, 'collection');
  if (code === 253) return { value: reader.u16be(at + 1), end: at + 3 };
  if (code >= 254) return { value: reader.u8(at + 1) + (code === 255 ? 253 : 506), end: at + 2 };
  return { value: code, end: at + 1 };
}

function accountTables(reader: Reader, ledger: Ledger, { start, end }: Range, directory: Directory): void {
  if (directory.size > MOST_UNPACKED) {
    ledger.coded(start, end, 'packed tables');
    ledger.unexamined(start, end, 'tables of more than 64 MiB');
    return;
  }
  const stream = reader.whole(start, end);
  checkTables(stream, directory);
  reader.meter.produce(directory.size);
  const passes = (tried: Uint8Array): boolean => {
    reader.meter.step(1 + (directory.size >> 8));
    return areTables(tried, directory);
  };
  if (stream.length <= MOST_TRIED && noticesOverwrites(stream, passes))
    ledger.account(start, end, 'decoder', 'Brotli stream of the tables', TRIED_FLOOR);
  else ledger.coded(start, end, 'packed tables');
}

/** @throws Broken, Truncated */
function checkTables(stream: Uint8Array, { size, head, end }: Directory): void {
  const { output, consumed } = decodeBrotli(stream, stream.length, size + 1);
  if (consumed !== stream.length) throw new Broken(end, 'size of the packed tables', consumed, stream.length);
  if (output.length !== size) throw new Broken(end, 'size of the tables', size, output.length);
  if (head >= 0 && output.readUInt32BE(head + 12) !== HEAD_MAGIC)
    throw new Broken(end, 'magic of the table head', HEAD_MAGIC, output.readUInt32BE(head + 12));
}

function areTables(stream: Uint8Array, directory: Directory): boolean {
  try {
    checkTables(stream, directory);
    return true;
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget) return false;
    throw error;
  }
}

/** §4.3 and §4.4: metadata in a Brotli stream, and a block of the vendor's own, which stays raw. */
function accountMetadata(reader: Reader, ledger: Ledger): Range[] {
  const [start, length, size] = [28, 32, 36].map((at) => reader.u32be(at)) as [number, number, number];
  ledger.account(28, HEADER, 'structure', 'offsets of metadata', 16);
  if (start === 0) return [];
  if (size > MOST_METADATA) throw new Broken(36, 'size of the metadata', `up to ${MOST_METADATA}`, size);
  const { output, consumed } = decodeBrotli(reader.whole(start, start + length), length, size + 1);
  if (output.length !== size || consumed !== length)
    throw new Broken(start, 'size of the metadata', size, output.length);
  ledger.coded(start, start + length, 'metadata');
  return [{ start, end: start + length }];
}
