import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';

const SECTOR = 512;
const HEADER = 1024;
const FIXED = 2;
const NONE = 0xffffffff;

export const vhd: Format = {
  id: 'vhd',
  title: 'Virtual PC and Hyper-V disk',
  extensions: ['vhd', 'avhd'],
  signatures: [
    { at: 0, hex: '636f6e6563746978' },
    { at: -512, hex: '636f6e6563746978' },
  ],
  spec: 'Microsoft, Virtual Hard Disk Image Format Specification 1.0',
  proof: 'sums of footer and header, blocks by their table; sectors of the disk by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    const end = reader.size - SECTOR;
    reader.expect(end, 'conectix', 'footer');
    accountSummed(reader, ledger, { start: end, end: reader.size }, end + 64);
    if (reader.u32be(end + 60) === FIXED) {
      ledger.raw(0, end, 'sectors of the disk');
      return;
    }
    reader.expect(0, 'conectix', 'copy of the footer');
    accountSummed(reader, ledger, { start: 0, end: SECTOR }, 64);
    const blocks = accountTable(reader, ledger, reader.u64be(end + 16), end);
    accountGaps(reader, ledger, [{ start: 0, end: SECTOR }, ...blocks], { start: 0, end });
  },
};

/** The complement of the sum of all bytes but those of the sum. Small sums: about 20 bits vary. */
function accountSummed(reader: Reader, ledger: Ledger, { start, end }: Range, sumAt: number): void {
  let sum = 0;
  for (const byte of reader.bytes(start, end - start)) sum += byte;
  for (let i = 0; i < 4; i++) sum -= reader.u8(sumAt + i);
  const stored = reader.u32be(sumAt);
  if (stored !== ~sum >>> 0) throw new Broken(sumAt, 'checksum', stored, ~sum >>> 0);
  ledger.account(start, end, 'checksum', 'sum of footer or header', 64);
}

/** Gives what header, table and blocks take. */
function accountTable(reader: Reader, ledger: Ledger, at: number, end: number): Range[] {
  reader.expect(at, 'cxsparse', 'header of a dynamic disk');
  accountSummed(reader, ledger, { start: at, end: at + HEADER }, at + 36);
  const table = reader.u64be(at + 16);
  const count = reader.u32be(at + 28);
  const block = reader.u32be(at + 32);
  if (block < SECTOR || block % SECTOR !== 0) throw new Broken(at + 32, 'size of a block', 'sectors', block);
  const tableEnd = table + 4 * count;
  if (tableEnd > end) throw new Truncated(reader.size, 'table of blocks', tableEnd - end);
  const bitmap = Math.ceil(block / SECTOR / 8 / SECTOR) * SECTOR;
  const parts: Range[] = [
    { start: at, end: at + HEADER },
    { start: table, end: tableEnd },
  ];
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const sector = reader.u32be(table + 4 * i);
    if (sector === NONE) continue;
    const part = { start: sector * SECTOR, end: sector * SECTOR + bitmap + block };
    if (part.end > end) throw new Broken(table + 4 * i, 'place of a block', 'inside the file', part.start);
    ledger.raw(part.start, part.end, 'sectors of the disk');
    parts.push(part);
  }
  ledger.account(table, tableEnd, 'structure', 'table of blocks', 8);
  return parts;
}
