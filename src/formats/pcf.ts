import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Format } from './format.ts';
import { accountGaps } from './gaps.ts';
import { accountTail } from './tail.ts';

const HEADER = 8;
const ENTRY = 16;
const MOST_TABLES = 64;
/** Types are single bits up to this one. */
const LAST_TYPE = 1 << 8;

export const pcf: Format = {
  id: 'pcf',
  title: 'X11 portable compiled font',
  extensions: ['pcf'],
  signatures: [{ at: 0, hex: '01666370' }],
  spec: 'X.Org, pcf.c; FreeType pcf documentation',
  proof: 'tables lie inside of the file and repeat their format from the list; what they hold by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    reader.expect(0, '\x01fcp', 'PCF magic');
    const count = reader.u32le(4, 'number of tables');
    if (count === 0 || count > MOST_TABLES)
      throw new Broken(4, 'number of tables', `1 to ${MOST_TABLES}`, count);
    const tables = Array.from({ length: count }, (_, i) => readTable(reader, HEADER + ENTRY * i));
    const listEnd = HEADER + ENTRY * count;
    ledger.account(0, listEnd, 'structure', 'list of tables', ENTRY);
    for (const { start, end } of tables) {
      ledger.raw(start, end, 'table');
      ledger.account(start, start + 4, 'structure', 'format of a table');
    }
    const end = Math.max(listEnd, ...tables.map((table) => table.end));
    accountGaps(reader, ledger, tables, { start: listEnd, end });
    accountTail(reader, ledger, end);
  },
};

/** Type, format, size and offset; the table begins with its format. */
function readTable(reader: Reader, at: number): Range {
  const type = reader.u32le(at, 'list of tables');
  const [format, size, start] = [reader.u32le(at + 4), reader.u32le(at + 8), reader.u32le(at + 12)];
  // Writers round sizes up, beyond the end of the file even.
  const end = Math.min(start + size, reader.size);
  const isKnown = type > 0 && type <= LAST_TYPE && (type & (type - 1)) === 0;
  if (!isKnown || end < start + 4)
    throw new Broken(at, 'table', 'a known type, inside of the file', `type ${type}, ${start}–${end}`);
  if (reader.u32le(start) !== format)
    throw new Broken(start, 'format of a table', format, reader.u32le(start));
  return { start, end };
}
