import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { type RecordLayout, walkRecords } from '../record-chain.ts';
import { accountTail } from '../tail.ts';

const PLACEABLE = [0xd7, 0xcd, 0xc6, 0x9a];
const PLACEABLE_SIZE = 22;
const HEADER_SIZE = 18;

/** Lengths count words of two bytes, with those of the length itself (MS-WMF §2.3). */
const layout: RecordLayout = {
  unit: 2,
  read(reader, at, end) {
    if (at + 6 > end) return null;
    const size = 2 * reader.u32le(at);
    return size >= 6 && at + size <= end ? { size, isLast: reader.u16le(at + 4) === 0 } : null;
  },
};

export const wmf: Format = {
  id: 'wmf',
  title: 'Windows metafile',
  extensions: ['wmf'],
  signatures: [
    { at: 0, hex: 'd7cdc69a0000' },
    { at: 0, hex: '010009000003' },
    { at: 0, hex: '020009000003' },
    { at: 0, hex: '010009000001' },
  ],
  spec: 'MS-WMF, sections 2.3.2.2, 2.3.2.3',
  proof: 'the chain of records ends in the last one; their data by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    const start = verifyPlaceable(reader, ledger);
    const [type, words] = [reader.u16le(start, 'WMF header'), reader.u16le(start + 2, 'WMF header')];
    if ((type !== 1 && type !== 2) || words !== HEADER_SIZE / 2)
      throw new Broken(start, 'WMF header', 'type 1 or 2, 9 words', `${type}, ${words}`);
    const said = start + 2 * reader.u32le(start + 6, 'WMF size');
    ledger.account(start, start + HEADER_SIZE, 'structure', 'WMF header', HEADER_SIZE);
    const end = walkRecords(reader, ledger, { start: start + HEADER_SIZE, end: reader.size }, layout);
    if (end !== said) ledger.oddity(start + 6, `size field says ${said}, the records end at ${end}`);
    accountTail(reader, ledger, end);
  },
};

/** The words before the checksum, and it, give 0 together (§2.3.2.3). */
function verifyPlaceable(reader: Reader, ledger: Ledger): number {
  if (!reader.has(0, PLACEABLE)) return 0;
  let sum = 0;
  for (let at = 0; at < PLACEABLE_SIZE; at += 2) sum ^= reader.u16le(at, 'placeable header');
  if (sum !== 0) ledger.oddity(20, 'checksum of the placeable header');
  ledger.account(0, PLACEABLE_SIZE, 'structure', 'placeable header', PLACEABLE_SIZE);
  return PLACEABLE_SIZE;
}
