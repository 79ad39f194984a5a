import { Broken, OverBudget } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import {
  EWF_DESCRIPTOR,
  EWF_HEADER,
  type EwfSection,
  readEwfSection,
} from '../../../../formats/ewf/section.ts';

/** Of one segment; they have a few for each half gigabyte. */
const MOST_SECTIONS = 1 << 20;
/** Sections worth looking for behind a broken one. */
const ANCHORS = ['table\0', 'sectors\0', 'data\0', 'volume\0'];

export interface SectionList {
  readonly sections: readonly EwfSection[];
  /** What was wrong with the chain, in words; empty where it was whole. */
  readonly damage: readonly string[];
}

/**
 * All sections of a segment. Where the chain is broken, the file is searched for the next header whose sum is right:
 * one bad sector must not cost what follows.
 */
export function listSections(reader: Reader): SectionList {
  const sections: EwfSection[] = [];
  const damage: string[] = [];
  let next: number | null = EWF_HEADER;
  while (next !== null) {
    if (sections.length > MOST_SECTIONS) throw new OverBudget('sections of a segment', MOST_SECTIONS);
    const at: number = next;
    const section = tryList(reader, at, damage);
    if (section !== null) sections.push(section);
    if (section === null) next = findAnchor(reader, at + 1);
    else next = section.isLast ? null : section.end;
  }
  return { sections, damage };
}

function tryList(reader: Reader, at: number, damage: string[]): EwfSection | null {
  try {
    return readEwfSection(reader, at);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    damage.push(error.message);
    return null;
  }
}

function findAnchor(reader: Reader, from: number): number | null {
  const found = ANCHORS.map((name) => findSection(reader, name, from)).filter((at) => at !== null);
  return found.length === 0 ? null : Math.min(...found);
}

function findSection(reader: Reader, name: string, from: number): number | null {
  for (let at = reader.indexOf(name, from); at >= 0; at = reader.indexOf(name, at + 1)) {
    reader.meter.step();
    if (isSection(reader, at)) return at;
  }
  return null;
}

function isSection(reader: Reader, at: number): boolean {
  if (at + EWF_DESCRIPTOR > reader.size) return false;
  try {
    readEwfSection(reader, at);
    return true;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/** Where chunks may be that a table names: the section before it, or, in the oldest files, the table's own. */
export function chunksBefore(sections: readonly EwfSection[], index: number): Range {
  const table = sections[index]!;
  for (let i = index - 1; i >= 0; i--) {
    const before = sections[i]!;
    if (before.type === 'sectors') return before;
    if (before.type !== 'table' && before.type !== 'table2') break;
  }
  return { start: EWF_HEADER, end: table.start - EWF_DESCRIPTOR };
}
