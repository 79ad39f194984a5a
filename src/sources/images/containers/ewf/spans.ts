import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import type { EwfSection } from '../../../../formats/ewf/section.ts';
import type { Notice } from '../../container.ts';
import { type ChunkTable, readChunkCount } from './chunk-table.ts';
import type { Span } from './layer.ts';
import { chunksBefore } from './sections.ts';

/** Tables in the order of the disk, and where some are missing between them. */
export type TableOrGap = ChunkTable | { readonly gap: string };

/** The tables of one segment; each with its copy behind it. A table without any sound header is a gap. */
export function listTables(reader: Reader, segment: number, sections: readonly EwfSection[]): TableOrGap[] {
  const found: TableOrGap[] = [];
  for (let i = 0; i < sections.length; i++) {
    if (sections[i]!.type !== 'table' && sections[i]!.type !== 'table2') continue;
    const hasCopy = sections[i]!.type === 'table' && sections[i + 1]?.type === 'table2';
    const copies: Range[] = hasCopy ? [sections[i]!, sections[i + 1]!] : [sections[i]!];
    const count = firstCount(reader, copies);
    if (count === null) found.push({ gap: `a table of chunks in segment ${segment + 1} is damaged` });
    else found.push({ segment, copies, chunks: placeOfChunks(sections, i, count), count });
    if (hasCopy) i++;
  }
  return found;
}

/** SMART and EnCase 1 keep the chunks in the table's section, behind the entries. */
function placeOfChunks(sections: readonly EwfSection[], index: number, count: number): Range {
  const table = sections[index]!;
  const entriesEnd = table.start + 24 + 4 * count;
  const isOwn =
    sections[index - 1]?.type !== 'sectors' && table.type === 'table' && table.end - entriesEnd > 8;
  return isOwn ? { start: entriesEnd, end: table.end } : chunksBefore(sections, index);
}

function firstCount(reader: Reader, copies: readonly Range[]): number | null {
  for (const copy of copies) {
    try {
      return readChunkCount(reader, copy);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
  return null;
}

export interface PlacedTables {
  readonly spans: readonly Span[];
  readonly notices: readonly Notice[];
}

/**
 * Gives each table the index of its first chunk. What follows a gap is counted from the disk's end, so that a missing
 * segment leaves a hole and shifts nothing; between two gaps no place is certain, and nothing is given.
 */
export function placeTables(tables: readonly TableOrGap[], chunkCount: number): PlacedTables {
  const firstGap = tables.findIndex(isGap);
  if (firstGap < 0) return withEnd(tables as readonly ChunkTable[], chunkCount);
  const lastGap = tables.findLastIndex(isGap);
  const before = tables.slice(0, firstGap) as ChunkTable[];
  const after = tables.slice(lastGap + 1) as ChunkTable[];
  const why = describeGaps(tables.slice(firstGap, lastGap + 1));
  const gapAt = countChunks(before);
  const tailAt = Math.max(gapAt, chunkCount - countChunks(after));
  const spans = [...inOrder(before, 0), { first: gapAt, table: null, why }, ...inOrder(after, tailAt)];
  return { spans, notices: [{ level: 'wrong', text: `${why}: ${tailAt - gapAt} chunks can't be read` }] };
}

/** No gap that shows; but the last segments may be missing. */
function withEnd(tables: readonly ChunkTable[], chunkCount: number): PlacedTables {
  const count = countChunks(tables);
  const spans = inOrder(tables, 0);
  if (count >= chunkCount && spans.length > 0) return { spans, notices: [] };
  const why = 'the last segments are missing';
  const notice: Notice = { level: 'wrong', text: `${why}: ${chunkCount - count} chunks can't be read` };
  return { spans: [...spans, { first: count, table: null, why }], notices: [notice] };
}

function countChunks(tables: readonly ChunkTable[]): number {
  return tables.reduce((sum, { count }) => sum + count, 0);
}

function describeGaps(tables: readonly TableOrGap[]): string {
  const texts = tables.flatMap((table) => (isGap(table) ? [table.gap] : []));
  return texts.length > 3 ? `${texts.slice(0, 3).join('; ')}; and so on` : texts.join('; ');
}

function inOrder(tables: readonly ChunkTable[], first: number): Span[] {
  let at = first;
  return tables.map((table) => {
    const span = { first: at, table, why: 'the image ends before' };
    at += table.count;
    return span;
  });
}

function isGap(table: TableOrGap): table is { readonly gap: string } {
  return 'gap' in table;
}
