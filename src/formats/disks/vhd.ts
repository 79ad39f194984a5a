import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { checkVhdSum, readVhdTable, VHD_ABSENT, VHD_FIXED, VHD_HEADER, VHD_SECTOR } from './vhd-layout.ts';

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
    const end = reader.size - VHD_SECTOR;
    reader.expect(end, 'conectix', 'footer');
    accountSummed(reader, ledger, { start: end, end: reader.size }, end + 64);
    if (reader.u32be(end + 60) === VHD_FIXED) {
      ledger.raw(0, end, 'sectors of the disk');
      return;
    }
    reader.expect(0, 'conectix', 'copy of the footer');
    accountSummed(reader, ledger, { start: 0, end: VHD_SECTOR }, 64);
    const blocks = accountTable(reader, ledger, reader.u64be(end + 16), end);
    accountGaps(reader, ledger, [{ start: 0, end: VHD_SECTOR }, ...blocks], { start: 0, end });
  },
};

/** Small sums: about 20 bits vary. */
function accountSummed(reader: Reader, ledger: Ledger, { start, end }: Range, sumAt: number): void {
  checkVhdSum(reader, start, end - start, sumAt);
  ledger.account(start, end, 'checksum', 'sum of footer or header', 64);
}

/** Gives what header, table and blocks take. */
function accountTable(reader: Reader, ledger: Ledger, at: number, end: number): Range[] {
  const { at: table, count, block, bitmap } = readVhdTable(reader, at);
  ledger.account(at, at + VHD_HEADER, 'checksum', 'sum of footer or header', 64);
  const tableEnd = table + 4 * count;
  if (tableEnd > end) throw new Truncated(reader.size, 'table of blocks', tableEnd - end);
  const parts: Range[] = [
    { start: at, end: at + VHD_HEADER },
    { start: table, end: tableEnd },
  ];
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const sector = reader.u32be(table + 4 * i);
    if (sector === VHD_ABSENT) continue;
    const part = { start: sector * VHD_SECTOR, end: sector * VHD_SECTOR + bitmap + block };
    if (part.end > end) throw new Broken(table + 4 * i, 'place of a block', 'inside the file', part.start);
    ledger.raw(part.start, part.end, 'sectors of the disk');
    parts.push(part);
  }
  ledger.account(table, tableEnd, 'structure', 'table of blocks', 8);
  return parts;
}
