import { type Range, union } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';

const HEADER = 520;
const ENTRY = 8;
const MOST_ENTRIES = 1 << 20;

/** Ranges of the disk that section `error2` lists: sectors that couldn't be read, and were filled with zeros. */
export function readUnread(reader: Reader, { start, end }: Range, sector: number): Range[] {
  if (end - start < HEADER) return [];
  const room = Math.floor((end - start - HEADER) / ENTRY);
  const count = Math.min(reader.u32le(start), room, MOST_ENTRIES);
  const ranges: Range[] = [];
  for (let i = 0, at = start + HEADER; i < count; i++, at += ENTRY) {
    const first = reader.u32le(at) * sector;
    ranges.push({ start: first, end: first + reader.u32le(at + 4) * sector });
  }
  return union(ranges);
}
