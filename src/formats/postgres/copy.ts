import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const HEADER = 19;
const MOST_EXTENSION = 1 << 16;
const END = 0xffff;
const NULL = 0xffffffff;

export const pgCopy: Format = {
  id: 'pg-copy',
  title: 'PostgreSQL binary COPY',
  extensions: [],
  signatures: [{ at: 0, hex: '5047434f50590aff0d0a00' }],
  spec: 'PostgreSQL documentation, COPY, Binary Format',
  proof:
    'rows of the same number of fields follow each other by their lengths up to the end mark; values stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const extension = reader.u32be(15, 'header extension');
    if (extension > MOST_EXTENSION)
      throw new Broken(15, 'header extension', `up to ${MOST_EXTENSION}`, extension);
    const start = HEADER + extension;
    ledger.account(0, HEADER, 'structure', 'header', 8);
    ledger.raw(HEADER, start, 'header extension');
    const end = walkRows(reader, ledger, start);
    accountTail(reader, ledger, end);
  },
};

function walkRows(reader: Reader, ledger: Ledger, start: number): number {
  const fields = reader.u16be(start, 'row');
  for (let at = start; ; ) {
    reader.meter.step();
    const count = reader.u16be(at, 'row');
    if (count === END) {
      ledger.account(at, at + 2, 'structure', 'end of the rows');
      return at + 2;
    }
    if (count !== fields) throw new Broken(at, 'fields of a row', fields, count);
    const end = walkFields(reader, at + 2, count);
    ledger.raw(at, end, 'rows');
    at = end;
  }
}

function walkFields(reader: Reader, start: number, count: number): number {
  let at = start;
  for (let field = 0; field < count; field++) {
    const length = reader.u32be(at, 'field');
    if (length > 1 << 30 && length !== NULL) throw new Broken(at, 'length of a field', 'up to 1 GiB', length);
    at += 4 + (length === NULL ? 0 : length);
  }
  if (at > reader.size) throw new Truncated(reader.size, 'row', at - reader.size);
  return at;
}
