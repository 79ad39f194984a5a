import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountGaps } from './gaps.ts';
import { accountTail } from './tail.ts';

const HEADER = 32;
const FIELD = 32;
const END_OF_FIELDS = 13;
const LEVEL_7 = 4;
const END_OF_FILE = 26;
const kinds = ['03', '30', '83', '8b', '8c', '8e'];
const mask = `ff00f0e0000000ff00000000ffff${'00'.repeat(16)}ffff`;

export const dbf: Format = {
  id: 'dbf',
  title: 'dBASE and FoxPro table',
  extensions: ['dbf'],
  signatures: kinds.map((kind) => ({ at: 0, hex: `${kind}${'00'.repeat(31)}`, mask })),
  spec: 'dBASE Table File Format; Microsoft, FoxPro Table Structure',
  proof: 'fields make the record, a mark begins each record, exact size; values by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const count = reader.u32le(4);
    const start = reader.u16le(8);
    const length = reader.u16le(10, 'length of a record');
    if (start < HEADER + 1 || length === 0) throw new Broken(8, 'length of the header', 'at least 33', start);
    if ((reader.u8(0) & 7) === LEVEL_7) {
      ledger.raw(0, reader.size, 'table of dBASE 7');
      ledger.unexamined(0, reader.size, 'fields of dBASE 7');
      return;
    }
    const fieldsEnd = verifyFields(reader, ledger, start, length);
    ledger.account(0, 12, 'structure', 'header', 12);
    accountGaps(reader, ledger, [], { start: 12, end: HEADER }, 'header');
    accountGaps(reader, ledger, [], { start: fieldsEnd, end: start }, 'behind the fields');
    const end = start + count * length;
    if (end > reader.size) throw new Truncated(reader.size, 'records', end - reader.size);
    for (let at = start; at < end; at += length) {
      reader.meter.step();
      const mark = reader.u8(at);
      // SheetJS writes NUL.
      if (mark !== 0x20 && mark !== 0x2a && mark !== 0)
        throw new Broken(at, 'mark of a record', 'space or *', mark);
    }
    ledger.raw(start, end, 'records');
    const hasMark = end < reader.size && reader.u8(end) === END_OF_FILE;
    if (hasMark) ledger.account(end, end + 1, 'structure', 'end of the file');
    accountTail(reader, ledger, hasMark ? end + 1 : end);
  },
};

/** Gives where the fields end. */
function verifyFields(reader: Reader, ledger: Ledger, start: number, length: number): number {
  let at = HEADER;
  let total = 1;
  for (; at + FIELD <= start && reader.u8(at) !== END_OF_FIELDS; at += FIELD) {
    reader.meter.step();
    const name = reader.latin1(at, 11).replace(/\0.*$/s, '');
    const type = reader.latin1(at + 11, 1);
    if (!/^[^\x00-\x1f]+$/.test(name) || !/[A-Z0-9@+]/.test(type))
      throw new Broken(at, 'name and type of a field', 'text', `${name} ${type}`);
    // Clipper keeps the upper byte of a long text's length in the decimals.
    total += reader.u8(at + 16) + (type === 'C' ? 256 * reader.u8(at + 17) : 0);
    ledger.account(at, at + 18, 'structure', 'fields', 48);
    accountGaps(reader, ledger, [], { start: at + 18, end: at + FIELD }, 'fields');
  }
  if (total !== length) throw new Broken(10, 'length of a record', total, length);
  if (reader.u8(at) === END_OF_FIELDS) ledger.account(at, at + 1, 'structure', 'end of the fields');
  return at + 1;
}
