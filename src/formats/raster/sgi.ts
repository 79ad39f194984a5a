import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail, isZeroFilled } from '../tail.ts';

const HEADER = 512;

export const sgi: Format = {
  id: 'sgi',
  title: 'Silicon Graphics image',
  extensions: [],
  signatures: [{ at: 0, hex: '01da00000000', mask: 'fffffefcfffc' }],
  spec: 'Haeberli, The SGI Image File Format 1.0',
  proof: 'header, rows by their table or exact size; values by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.size < HEADER) throw new Truncated(reader.size, 'header', HEADER - reader.size);
    const depth = reader.u8(3);
    const [width, height, channels] = [reader.u16be(6), reader.u16be(8), reader.u16be(10)] as const;
    const dimensions = reader.u16be(4, 'dimensions');
    if (dimensions < 1 || dimensions > 3) throw new Broken(4, 'dimensions', '1 to 3', dimensions);
    const rows = (dimensions > 1 ? height : 1) * (dimensions > 2 ? channels : 1);
    accountHeader(reader, ledger);
    const end =
      reader.u8(2) === 1 ? walkRows(reader, ledger, rows, width, depth) : HEADER + rows * width * depth;
    if (reader.u8(2) === 0) ledger.raw(HEADER, Math.min(end, reader.size), 'pixels');
    if (end > reader.size) throw new Truncated(reader.size, 'pixels', end - reader.size);
    accountTail(reader, ledger, end);
  },
};

function accountHeader(reader: Reader, ledger: Ledger): void {
  ledger.account(0, 12, 'structure', 'header', 8);
  ledger.raw(12, 108, 'least and greatest value, name');
  if (isZeroFilled(reader, 108, HEADER)) ledger.account(108, HEADER, 'padding', 'unused header');
  else ledger.raw(108, HEADER, 'unused header');
}

/** Offsets, then lengths of all rows; each row's runs must make its pixels exactly. */
function walkRows(reader: Reader, ledger: Ledger, rows: number, width: number, depth: number): number {
  const tablesEnd = HEADER + 8 * rows;
  if (tablesEnd > reader.size) throw new Truncated(reader.size, 'tables of rows', tablesEnd - reader.size);
  const parts: Range[] = [];
  for (let i = 0; i < rows; i++) {
    reader.meter.step();
    const start = reader.u32be(HEADER + 4 * i);
    const end = start + reader.u32be(HEADER + 4 * (rows + i));
    if (start < tablesEnd || end > reader.size)
      throw new Broken(HEADER + 4 * i, 'offset of a row', 'inside the file', start);
    walkRow(reader, start, end, width, depth);
    parts.push({ start, end });
    ledger.raw(start, end, 'packed rows');
  }
  ledger.account(HEADER, tablesEnd, 'structure', 'tables of rows', 8);
  const end = parts.reduce((last, part) => Math.max(last, part.end), tablesEnd);
  accountGaps(reader, ledger, parts, { start: tablesEnd, end });
  return end;
}

function walkRow(reader: Reader, start: number, end: number, width: number, depth: number): void {
  let made = 0;
  for (let at = start; at + depth <= end; ) {
    reader.meter.step();
    const code = reader.u8(at + depth - 1);
    const count = code & 0x7f;
    if (count === 0) break;
    made += count;
    at += depth * (code >= 0x80 ? 1 + count : 2);
  }
  if (made !== width) throw new Broken(start, 'pixels of a row', width, made);
}
