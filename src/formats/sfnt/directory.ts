import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

export const HEADER = 12;
export const RECORD = 16;

export interface Table extends Range {
  readonly tag: string;
  readonly checksum: number;
  /** Where its record stands. */
  readonly recordAt: number;
}

/** A font of a file, by its table directory (OpenType 1.9, Organization of an OpenType Font). */
export interface Directory extends Range {
  readonly tables: readonly Table[];
}

/** @throws Broken where tags are no tags; Truncated where tables reach beyond the end */
export function readDirectory(reader: Reader, start: number): Directory {
  const count = reader.u16be(start + 4, 'number of tables');
  if (count === 0) throw new Broken(start + 4, 'number of tables', 'at least one', 0);
  const end = start + HEADER + count * RECORD;
  if (end > reader.size) throw new Truncated(reader.size, 'table directory', end - reader.size);
  const tables: Table[] = [];
  for (let at = start + HEADER; at < end; at += RECORD) {
    reader.meter.step();
    tables.push(readTable(reader, at));
  }
  return { start, end, tables };
}

function readTable(reader: Reader, at: number): Table {
  const tag = reader.latin1(at, 4, 'table tag');
  if (!/^[\x20-\x7e]{4}$/.test(tag)) throw new Broken(at, 'table tag', 'four printable characters', tag);
  const start = reader.u32be(at + 8);
  const end = start + reader.u32be(at + 12);
  return { tag, checksum: reader.u32be(at + 4), recordAt: at, start, end };
}
