import { Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { type Header, HeaderReader, type Variable } from './header.ts';

export const netcdf: Format = {
  id: 'netcdf',
  title: 'NetCDF classic',
  extensions: [],
  signatures: [
    { at: 0, hex: '43444601' },
    { at: 0, hex: '43444602' },
    { at: 0, hex: '43444605' },
  ],
  spec: 'NetCDF file format specifications, classic',
  proof: 'header by grammar, exact sizes of all variables; values by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    ledger.account(0, 4, 'structure', 'magic and version');
    const header = new HeaderReader(reader, ledger).read();
    const parts = partsOf(header, reader.size);
    const end = parts.reduce((last, part) => Math.max(last, part.end), header.end);
    for (const part of parts)
      ledger.raw(Math.min(part.start, reader.size), Math.min(part.end, reader.size), 'values');
    if (end > reader.size) throw new Truncated(reader.size, 'values', end - reader.size);
    accountGaps(reader, ledger, parts, { start: header.end, end });
    // The last values are aligned, too, with whatever the writer fills up.
    const aligned = Math.min(reader.size, end + (-end & 3));
    ledger.raw(end, aligned, 'values');
    accountTail(reader, ledger, aligned);
  },
};

/** Fixed variables, each at its place, then the records, in which those that grow take turns. */
function partsOf({ records, variables }: Header, size: number): Range[] {
  const parts: Range[] = [];
  for (const { begin, size: length, isRecord } of variables) {
    if (!isRecord) parts.push({ start: begin, end: begin + length });
  }
  const growing = variables.filter(({ isRecord }) => isRecord);
  if (growing.length === 0) return parts;
  const start = Math.min(...growing.map(({ begin }) => begin));
  const record = recordSize(growing);
  const count = records ?? Math.floor((size - start) / Math.max(1, record));
  parts.push({ start, end: start + count * record });
  return parts;
}

/** One that grows alone isn't padded. */
function recordSize(growing: readonly Variable[]): number {
  if (growing.length === 1) return growing[0]!.size;
  return growing.reduce((sum, { size }) => sum + size + (-size & 3), 0);
}
