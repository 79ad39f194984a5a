import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountGaps } from '../gaps.ts';
import { expectAdler } from './sum.ts';

const HEADER = 24;
const COMPRESSED = 0x80000000;

export interface Table extends Range {
  /** The section before, which holds the chunks; null for copies. SMART keeps them in the table's own section. */
  readonly chunks: Range | null;
}

/** Accounts for a table of chunks and, where it isn't a copy, for the chunks. @throws Broken */
export function verifyTable(reader: Reader, ledger: Ledger, table: Table): void {
  const { start, end } = table;
  const count = reader.u32le(start, 'number of chunks');
  expectAdler(reader, start, start + 20);
  ledger.account(start, start + HEADER, 'checksum', 'Adler-32 of a table header', 2);
  const entriesEnd = start + HEADER + 4 * count;
  if (entriesEnd > end) throw new Broken(start, 'number of chunks', 'fewer', count);
  const hasOwn = table.chunks === null && end - entriesEnd > 8;
  const isSummed = !hasOwn && end - entriesEnd >= 4;
  if (isSummed) expectAdler(reader, start + HEADER, entriesEnd);
  ledger.account(
    start + HEADER,
    isSummed ? entriesEnd + 4 : entriesEnd,
    isSummed ? 'checksum' : 'structure',
    'offsets of chunks',
    isSummed ? 2 : 8,
  );
  const chunks = hasOwn ? { start: entriesEnd, end } : table.chunks;
  if (chunks !== null) walkChunks(reader, ledger, { start, count }, chunks);
}

function walkChunks(
  reader: Reader,
  ledger: Ledger,
  table: { start: number; count: number },
  chunks: Range,
): void {
  const base = reader.u64le(table.start + 8);
  const parts: Range[] = [];
  const entryAt = (i: number) => reader.u32le(table.start + HEADER + 4 * i);
  for (let i = 0; i < table.count; i++) {
    reader.meter.step();
    const entry = entryAt(i);
    const start = base + (entry & ~COMPRESSED);
    const end = i + 1 < table.count ? base + (entryAt(i + 1) & ~COMPRESSED) : chunks.end;
    if (start < chunks.start || end <= start || end > chunks.end) {
      throw new Broken(table.start + HEADER + 4 * i, 'offset of a chunk', 'inside its section', start);
    }
    parts.push({ start, end: tryChunk(reader, ledger, { start, end }, entry >= COMPRESSED) });
  }
  accountGaps(reader, ledger, parts, chunks);
}

function tryChunk(reader: Reader, ledger: Ledger, chunk: Range, isPacked: boolean): number {
  try {
    return verifyChunk(reader, ledger, chunk, isPacked);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, chunk.end);
    return chunk.end;
  }
}

function verifyChunk(reader: Reader, ledger: Ledger, { start, end }: Range, isPacked: boolean): number {
  if (!isPacked) {
    expectAdler(reader, start, end - 4);
    ledger.account(start, end, 'checksum', 'Adler-32 of the chunks', 2);
    return end;
  }
  const { consumed } = inflateZlib(reader, start, end, () => {});
  ledger.account(start, start + consumed, 'checksum', 'Adler-32 of the chunks', 2);
  return start + consumed;
}
