import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Directory, HEADER, type Table } from './directory.ts';
import { ADJUSTMENT_AT, sumOf } from './sum.ts';

/** Tables of packed bitmaps and documents: random by right, where their sum doesn't hold. */
const packed = new Set(['CBDT', 'EBDT', 'sbix', 'SVG ', 'DSIG', 'bdat']);

/** Compares the sum of each table and accounts for the directory. Gives the ranges of the tables. */
export function verifyTables(reader: Reader, ledger: Ledger, { start, tables }: Directory): Range[] {
  ledger.account(start, start + 6, 'structure', 'header of a font', 6);
  const withoutSums = tables.every(({ checksum }) => checksum === 0);
  if (withoutSums) ledger.oddity(start, 'tables without checksums');
  const parts: Range[] = [];
  for (const table of tables) {
    reader.meter.step();
    parts.push({ start: table.start, end: Math.min(table.end, reader.size) });
    ledger.account(table.recordAt, table.recordAt + 16, 'structure', 'record of a table', 16);
    if (withoutSums)
      ledger.raw(Math.min(table.start, reader.size), Math.min(table.end, reader.size), `table ${table.tag}`);
    else verifyTable(reader, ledger, table);
  }
  accountSearchFields(reader, ledger, start, tables.length);
  return parts;
}

function verifyTable(reader: Reader, ledger: Ledger, table: Table): void {
  const { start, end, tag } = table;
  if (end > reader.size) {
    ledger.broken(new Truncated(reader.size, `table ${tag}`, end - reader.size));
    return;
  }
  const computed = sumOf(reader, table);
  if (isSum(reader, table, computed)) {
    ledger.account(start, end, 'checksum', `checksum of table ${tag}`, tag === 'head' ? 5 : 1);
    return;
  }
  if (packed.has(tag)) ledger.coded(start, end, `table ${tag}`);
  ledger.broken(new Broken(start, `checksum of table ${tag}`, table.checksum, computed), end);
}

/** The sum of `head` leaves out the adjustment; some writers leave it in. */
function isSum(reader: Reader, { tag, start, end, checksum }: Table, computed: number): boolean {
  if (computed === checksum) return true;
  if (tag !== 'head' || end - start < 12) return false;
  return (computed - reader.u32be(start + ADJUSTMENT_AT)) >>> 0 === checksum;
}

/** Powers of two that help to search the directory; some writers leave them wrong. */
function accountSearchFields(reader: Reader, ledger: Ledger, start: number, count: number): void {
  const selector = Math.floor(Math.log2(count));
  const range = 16 * 2 ** selector;
  const isRight =
    reader.u16be(start + 6) === range &&
    reader.u16be(start + 8) === selector &&
    reader.u16be(start + 10) === count * 16 - range;
  if (isRight) ledger.account(start + 6, start + HEADER, 'structure', 'search fields', 6);
  else ledger.oddity(start + 6, 'search fields of the directory are not right');
}
