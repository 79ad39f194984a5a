import { Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { type RecordLayout, walkRecords } from '../record-chain.ts';
import { accountTail } from '../tail.ts';

const HEADER_RECORD = 1;
const EOF = 14;
/** EMR_CREATECOLORSPACEW, the last type (MS-EMF §2.1.1). */
const LAST_TYPE = 0x7a;
const SHORTEST_HEADER = 88;

const layout: RecordLayout = {
  unit: 4,
  read(reader, at, end) {
    if (at + 8 > end) return null;
    const [type, size] = [reader.u32le(at), reader.u32le(at + 4)];
    const isPossible = type >= 1 && type <= LAST_TYPE && size >= 8 && size % 4 === 0 && at + size <= end;
    return isPossible ? { size, isLast: type === EOF } : null;
  },
};

export const emf: Format = {
  id: 'emf',
  title: 'Enhanced metafile',
  extensions: ['emf'],
  signatures: [
    { at: 0, hex: `01${'00'.repeat(39)}20454d46`, mask: `ffffffff000000ff${'00'.repeat(32)}ffffffff` },
  ],
  spec: 'MS-EMF, section 2.3.4.2',
  proof: 'the chain of records ends in the last one, where the header says; their data by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    reader.expect(0, [HEADER_RECORD, 0, 0, 0], 'EMF header');
    reader.expect(40, ' EMF', 'EMF signature');
    reader.bytes(0, SHORTEST_HEADER, 'EMF header');
    ledger.account(0, SHORTEST_HEADER, 'structure', 'EMF header', 32);
    const said = reader.u32le(48, 'EMF size');
    if (said > reader.size) ledger.broken(new Truncated(reader.size, 'EMF records', said - reader.size));
    // Some writers leave the size 0, or count without the last record: the records tell where they end.
    const end = walkRecords(reader, ledger, { start: 0, end: reader.size }, layout);
    if (end !== said) ledger.oddity(48, `size field says ${said}, the records end at ${end}`);
    accountTail(reader, ledger, end);
  },
};
