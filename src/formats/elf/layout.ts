import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Words } from './words.ts';

/** ELF types (gABI, "ELF Header"). */
export const fileType = { relocatable: 1, core: 4 } as const;
export const sectionType = {
  null: 0,
  symbols: 2,
  strings: 3,
  relocationsWithAddend: 4,
  hash: 5,
  dynamic: 6,
  note: 7,
  nobits: 8,
  relocations: 9,
  dynamicSymbols: 11,
  group: 17,
  gnuHash: 0x6ffffff6,
  versionNeeds: 0x6ffffffe,
  versions: 0x6fffffff,
} as const;

export interface Segment {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly start: number;
  /** Equal to `start` where the section takes no room in the file. */
  readonly end: number;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
}

/** A contradiction in a table, and where the table ends. */
export interface Fault {
  readonly error: Broken;
  readonly end: number;
}

export interface Image {
  readonly words: Words;
  readonly type: number;
  readonly headerSize: number;
  readonly faults: readonly Fault[];
  readonly segmentTable: Range;
  readonly sectionTable: Range;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
}

interface Header {
  readonly type: number;
  readonly size: number;
  readonly segmentsAt: number;
  readonly sectionsAt: number;
  readonly segmentCount: number;
  readonly sectionCount: number;
  readonly nameTable: number;
}

/** @throws Broken, Truncated where not even the header can be read; faults of the tables are noted in the image */
export function readImage(reader: Reader): Image {
  const words = readIdentification(reader);
  const header = readHeader(reader, words);
  const faults: Fault[] = [];
  const sections = readTable(reader, faults, {
    start: header.sectionsAt,
    count: header.sectionCount,
    entrySize: words.wide ? 64 : 40,
    what: 'section header table',
    read: (at, index) => readSection(reader, words, at, index, header.sectionCount),
  });
  const segments = readTable(reader, faults, {
    start: header.segmentsAt,
    count: header.segmentCount,
    entrySize: words.wide ? 56 : 32,
    what: 'program header table',
    read: (at) => readSegment(reader, words, at),
  });
  return {
    words,
    type: header.type,
    headerSize: header.size,
    faults,
    sectionTable: sections.range,
    segmentTable: segments.range,
    segments: segments.entries,
    sections: nameSections(reader, faults, sections.entries, header.nameTable),
  };
}

interface TablePlan<T> {
  readonly start: number;
  readonly count: number;
  readonly entrySize: number;
  readonly what: string;
  read(at: number, index: number): T;
}

/** A table with a fault counts as empty: what it spoke of is proved by the other table, or not at all. */
function readTable<T>(reader: Reader, faults: Fault[], plan: TablePlan<T>): { entries: T[]; range: Range } {
  const { start, count, entrySize, what } = plan;
  const end = start + count * entrySize;
  const entries: T[] = [];
  try {
    if (end > reader.size) throw new Truncated(reader.size, what, end - reader.size);
    for (let i = 0; i < count; i++) entries.push(plan.read(start + i * entrySize, i));
    return { entries, range: { start, end } };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    faults.push({ error, end });
    return { entries: [], range: { start: 0, end: 0 } };
  }
}

function readIdentification(reader: Reader): Words {
  reader.expect(0, '\x7fELF', 'magic');
  const fileClass = reader.u8(4, 'class');
  const order = reader.u8(5, 'data encoding');
  if (fileClass !== 1 && fileClass !== 2) throw new Broken(4, 'class', '1 or 2', fileClass);
  if (order !== 1 && order !== 2) throw new Broken(5, 'data encoding', '1 or 2', order);
  if (reader.u8(6) !== 1) throw new Broken(6, 'version', 1, reader.u8(6));
  return new Words(reader, fileClass === 2, order === 2);
}

function readHeader(reader: Reader, words: Words): Header {
  const size = words.wide ? 64 : 52;
  if (words.u32(20) !== 1) throw new Broken(20, 'version', 1, words.u32(20));
  const counts = words.wide ? 52 : 40;
  const sectionsAt = words.address(words.wide ? 40 : 32);
  const segmentsAt = words.address(words.wide ? 32 : 28);
  if (words.u16(counts) !== size) throw new Broken(counts, 'size of the header', size, words.u16(counts));
  checkEntrySize(words, counts + 2, words.wide ? 56 : 32, segmentsAt);
  checkEntrySize(words, counts + 6, words.wide ? 64 : 40, sectionsAt);
  const first = sectionsAt === 0 ? null : sectionsAt;
  // Numbers that don't fit stand in the first section header (gABI, "Section Headers").
  const extended = (at: number, mark: number, wide: number, narrow: number) =>
    words.u16(at) === mark && first !== null && reader.size >= first + 40
      ? words.u32(first + (words.wide ? wide : narrow))
      : words.u16(at);
  return {
    type: words.u16(16),
    size,
    segmentsAt,
    sectionsAt,
    segmentCount: segmentsAt === 0 ? 0 : extended(counts + 4, 0xffff, 44, 28),
    sectionCount: first === null ? 0 : extended(counts + 8, 0, 32, 20),
    nameTable: extended(counts + 10, 0xffff, 40, 24),
  };
}

function checkEntrySize(words: Words, at: number, size: number, tableAt: number): void {
  const stated = words.u16(at);
  if (stated !== size && !(tableAt === 0 || stated === 0))
    throw new Broken(at, 'size of a table entry', size, stated);
}

function readSegment(reader: Reader, words: Words, at: number): Segment {
  reader.meter.step();
  const type = words.u32(at);
  const start = words.address(at + (words.wide ? 8 : 4));
  const length = words.address(at + (words.wide ? 32 : 16));
  const alignment = words.address(at + (words.wide ? 48 : 28));
  if (!isPowerOfTwo(alignment)) throw new Broken(at, 'alignment of a segment', 'a power of two', alignment);
  return { type, start, end: start + length };
}

function readSection(reader: Reader, words: Words, at: number, index: number, count: number): Section {
  reader.meter.step();
  const { wide } = words;
  const type = words.u32(at + 4);
  const start = words.address(at + (wide ? 24 : 16));
  const length = words.address(at + (wide ? 32 : 20));
  const link = words.u32(at + (wide ? 40 : 24));
  const alignment = words.address(at + (wide ? 48 : 32));
  if (!isPowerOfTwo(alignment)) throw new Broken(at, 'alignment of a section', 'a power of two', alignment);
  if (index > 0 && link >= count && link < 0xff00)
    throw new Broken(at, 'link of a section', `less than ${count}`, link);
  const takesRoom = type !== sectionType.nobits && type !== sectionType.null && length > 0;
  if (takesRoom && start + length > reader.size) {
    throw new Truncated(reader.size, `section ${index}`, start + length - reader.size);
  }
  return {
    index,
    name: String(words.u32(at)),
    type,
    flags: words.address(at + 8),
    address: words.address(at + (wide ? 16 : 12)),
    start,
    end: takesRoom ? start + length : start,
    link,
    info: words.u32(at + (wide ? 44 : 28)),
    entrySize: words.address(at + (wide ? 56 : 36)),
  };
}

/** Puts names in the place of their offsets in the name table. */
function nameSections(
  reader: Reader,
  faults: Fault[],
  sections: readonly Section[],
  nameTable: number,
): Section[] {
  const table = sections[nameTable];
  if (table === undefined || table.type !== sectionType.strings) return [...sections];
  return sections.map((section) => {
    const at = table.start + Number(section.name);
    if (at >= table.end) {
      const what = `name of section ${section.index}`;
      faults.push({
        error: new Broken(table.start, what, 'an offset in the name table', section.name),
        end: table.end,
      });
      return section;
    }
    const text = reader.latin1(at, Math.min(64, table.end - at));
    const end = text.indexOf('\0');
    return { ...section, name: end < 0 ? text : text.slice(0, end) };
  });
}

function isPowerOfTwo(value: number): boolean {
  return value === 0 || Number.isInteger(Math.log2(value));
}
