import { Broken } from '../../bytes/errors.ts';
import type { DumpReader } from './dump-reader.ts';

/** How the archive is laid out: `PGDMP`'s format byte. */
export const CUSTOM = 1;
const DIRECTORY = 5;

export interface DumpHeader {
  /** Major · 256 + minor. */
  readonly version: number;
  readonly format: number;
}

const v = (major: number, minor: number): number => major * 256 + minor;
const MOST_ENTRIES = 10_000_000;

/** Reads what stands before the table of contents (pg_backup_archiver.c, ReadHead). @throws Broken */
export function readDumpHeader(dump: DumpReader): DumpHeader {
  dump.reader.expect(0, 'PGDMP', 'magic number');
  dump.ledger.account(0, 5, 'structure', 'magic number');
  dump.at = 5;
  const version = v(dump.byte(), dump.byte());
  if (version < v(1, 7) || version > v(1, 32)) throw new Broken(5, 'version', '1.7 and later', version);
  dump.byte();
  const intSize = dump.byte();
  dump.setSizes(intSize, dump.byte());
  const format = dump.byte();
  if (format < CUSTOM || format > DIRECTORY) throw new Broken(dump.at - 1, 'format', '1 to 5', format);
  if (version >= v(1, 15)) dump.byte();
  else dump.int();
  readTime(dump);
  for (let text = 0; text < (version >= v(1, 10) ? 3 : 1); text++) dump.text();
  return { version, format };
}

/** Seconds, minutes, hours, day, month, year, daylight saving. */
function readTime(dump: DumpReader): void {
  const most = [61, 59, 23, 31, 11, 1000, 1] as const;
  for (const limit of most) {
    const at = dump.at;
    const value = dump.int();
    if (Math.abs(value) > limit) throw new Broken(at, 'time of the dump', `up to ${limit}`, value);
  }
}

/** Walks the table of contents (ReadToc). @throws Broken */
export function walkContents(dump: DumpReader, header: DumpHeader): void {
  const count = dump.int();
  if (count < 0 || count > MOST_ENTRIES)
    throw new Broken(dump.at, 'number of entries', `up to ${MOST_ENTRIES}`, count);
  for (let entry = 0; entry < count; entry++) {
    dump.reader.meter.step();
    readEntry(dump, header);
  }
}

function readEntry(dump: DumpReader, { version, format }: DumpHeader): void {
  const at = dump.at;
  const id = dump.int();
  if (id <= 0) throw new Broken(at, 'number of an entry', 'more than 0', id);
  dump.int();
  if (version >= v(1, 8)) dump.text();
  for (let text = 0; text < 3; text++) dump.text();
  if (version >= v(1, 11)) dump.int();
  const texts = 4 + Number(version >= v(1, 10)) + Number(version >= v(1, 14));
  for (let text = 0; text < texts; text++) dump.text();
  if (version >= v(1, 16)) dump.int();
  dump.text();
  if (version >= v(1, 9)) dump.text();
  readDependencies(dump);
  if (format === CUSTOM) dump.offset();
  else dump.text();
}

/** Numbers of other entries as texts; none ends them. */
function readDependencies(dump: DumpReader): void {
  for (;;) {
    dump.reader.meter.step();
    const at = dump.at;
    const id = dump.text();
    if (id === null) return;
    if (!/^\d+$/.test(id)) throw new Broken(at, 'dependency', 'a number', id);
  }
}
