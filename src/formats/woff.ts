import { Broken, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { inflateZlib } from '../checks/zlib-stream.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { accountGaps } from './gaps.ts';
import { ADJUSTMENT_AT, sumOf, WordSum } from './sfnt/sum.ts';
import { examineStored } from './stored.ts';
import { accountTail } from './tail.ts';
import { accountText } from './text-field.ts';

const HEADER = 44;
const RECORD = 20;

export const woff: Format = {
  id: 'woff',
  title: 'Web Open Font Format',
  extensions: ['woff'],
  signatures: [{ at: 0, hex: '774f4646' }],
  spec: 'W3C WOFF 1.0',
  proof: 'checksum and Adler-32 of each table; tables tile the file',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const length = reader.u32be(8, 'length');
    if (length > reader.size) throw new Truncated(reader.size, 'WOFF file', length - reader.size);
    const count = reader.u16be(12, 'number of tables');
    const directoryEnd = HEADER + RECORD * count;
    const parts: Range[] = [{ start: 0, end: directoryEnd }];
    let unpacked = 12 + 16 * count;
    for (let at = HEADER; at < directoryEnd; at += RECORD) {
      reader.meter.step();
      const table = readTable(reader, at);
      parts.push(table);
      unpacked += table.size + (-table.size & 3);
      tryPart(ledger, table.end, () => verifyTable(reader, ledger, table));
      ledger.account(at, at + RECORD, 'structure', 'record of a table', 20);
    }
    if (reader.u16be(14) !== 0) throw new Broken(14, 'reserved field', 0, reader.u16be(14));
    const stated = reader.u32be(16, 'size of the font');
    if (stated !== unpacked) ledger.oddity(16, `size of the font ${stated}, computed ${unpacked}`);
    ledger.account(0, 16, 'structure', 'WOFF header', 8);
    ledger.account(24, HEADER, 'structure', 'WOFF header', 8);
    if (stated === unpacked) ledger.account(16, 20, 'structure', 'size of the font');
    parts.push(...accountExtras(reader, ledger, context));
    accountGaps(reader, ledger, parts, { start: 0, end: length });
    accountTail(reader, ledger, length);
  },
};

interface PackedTable extends Range {
  readonly tag: string;
  readonly size: number;
  readonly checksum: number;
}

function readTable(reader: Reader, at: number): PackedTable {
  const tag = reader.latin1(at, 4, 'table tag');
  if (!/^[\x20-\x7e]{4}$/.test(tag)) throw new Broken(at, 'table tag', 'four printable characters', tag);
  const start = reader.u32be(at + 4);
  const end = start + reader.u32be(at + 8);
  if (end > reader.size) throw new Truncated(reader.size, `table ${tag}`, end - reader.size);
  return { tag, start, end, size: reader.u32be(at + 12), checksum: reader.u32be(at + 16) };
}

/** §4.2: a table is stored as it is, where deflate doesn't make it shorter. */
function verifyTable(reader: Reader, ledger: Ledger, table: PackedTable): void {
  const { tag, start, end, size, checksum } = table;
  const isPacked = end - start < size;
  const { sum, adjustment } = isPacked ? unpackTable(reader, table) : storedTable(reader, table);
  if (sum !== checksum && (tag !== 'head' || (sum - adjustment) >>> 0 !== checksum)) {
    if (isPacked) {
      // The Adler-32 held: the font had a stale sum when it was packed.
      ledger.oddity(start, `checksum of table ${tag} is stale`);
    } else throw new Broken(start, `checksum of table ${tag}`, checksum, sum);
  }
  ledger.account(
    start,
    end,
    'checksum',
    isPacked ? 'Adler-32 and checksum of a table' : 'checksum of a table',
  );
}

function storedTable(reader: Reader, table: PackedTable): { sum: number; adjustment: number } {
  const hasAdjustment = table.tag === 'head' && table.end - table.start >= 12;
  return {
    sum: sumOf(reader, table),
    adjustment: hasAdjustment ? reader.u32be(table.start + ADJUSTMENT_AT) : 0,
  };
}

function unpackTable(
  reader: Reader,
  { tag, start, end, size }: PackedTable,
): { sum: number; adjustment: number } {
  const sum = new WordSum();
  let adjustment = 0;
  const { consumed, produced } = inflateZlib(reader, start, end, (piece) => {
    if (adjustment === 0 && piece.length >= 12)
      adjustment = Buffer.from(piece.subarray(8, 12)).readUInt32BE(0);
    sum.add(piece);
  });
  if (produced !== size) throw new Broken(start, `size of table ${tag}`, size, produced);
  if (consumed !== end - start) throw new Broken(start, `packed size of table ${tag}`, end - start, consumed);
  return { sum: sum.value, adjustment };
}

function tryPart(ledger: Ledger, end: number, part: () => void): void {
  try {
    part();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

/** §6 and §7: metadata in zlib, and a block of the vendor's own. */
function accountExtras(reader: Reader, ledger: Ledger, context: Context): Range[] {
  const parts: Range[] = [];
  const metadata = rangeAt(reader, 24, 'metadata');
  if (metadata !== null) {
    parts.push(metadata);
    tryPart(ledger, metadata.end, () => verifyMetadata(reader, ledger, metadata));
  }
  const vendor = rangeAt(reader, 36, 'private block');
  if (vendor !== null) {
    parts.push(vendor);
    if (
      !accountText(reader, ledger, vendor.start, Math.min(vendor.end, vendor.start + 65536), 'private block')
    ) {
      examineStored({ reader, ledger, context, ...vendor }, 'private block');
    }
  }
  return parts;
}

function rangeAt(reader: Reader, at: number, what: string): Range | null {
  const start = reader.u32be(at);
  const end = start + reader.u32be(at + 4);
  if (start === 0) return null;
  if (end > reader.size) throw new Truncated(reader.size, what, end - reader.size);
  return { start, end };
}

function verifyMetadata(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  const { consumed, produced } = inflateZlib(reader, start, end, () => {});
  if (produced !== reader.u32be(32)) throw new Broken(32, 'size of the metadata', reader.u32be(32), produced);
  ledger.account(start, start + consumed, 'checksum', 'Adler-32 of the metadata');
}
