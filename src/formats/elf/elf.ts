import { Broken, Truncated } from '../../bytes/errors.ts';
import { complement, type Range, union } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { fileType, type Image, readImage } from './layout.ts';
import { accountNotes } from './notes.ts';
import { accountOverlay } from './overlay.ts';
import { accountSection } from './sections.ts';

const NOTE_SEGMENT = 4;

export const elf: Format = {
  id: 'elf',
  title: 'Executable and Linkable Format',
  extensions: ['elf', 'so', 'o', 'ko', 'axf', 'debug', 'appimage', 'node', 'prx'],
  signatures: [{ at: 0, hex: '7f454c46' }],
  spec: 'System V gABI, chapters 4 and 5; Linux Standard Base, chapters 10 and 11',
  proof: 'headers, strings, symbols, relocations, hash tables and call frames agree; code and data stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const image = readImage(reader);
    for (const { error, end } of image.faults) ledger.broken(error, Math.min(end, reader.size));
    accountTables(image, ledger);
    accountSegments(reader, image, ledger);
    for (const section of image.sections) accountSection(image, ledger, section);
    const covered = union([...tablesOf(image), ...image.sections, ...segmentsIn(reader, image)]);
    accountGaps(reader, ledger, image);
    if (image.faults.length === 0) accountOverlay(reader, ledger, context, covered.at(-1)?.end ?? 0);
  },
};

function tablesOf({ headerSize, segmentTable, sectionTable }: Image): Range[] {
  return [{ start: 0, end: headerSize }, segmentTable, sectionTable];
}

function accountTables(image: Image, ledger: Ledger): void {
  ledger.account(0, image.headerSize, 'structure', 'ELF header', 16);
  ledger.account(image.segmentTable.start, image.segmentTable.end, 'structure', 'program headers', 40);
  ledger.account(image.sectionTable.start, image.sectionTable.end, 'structure', 'section headers', 32);
}

/** Segments that are in the file. Those of separate debug files speak of the bytes of another one. */
function segmentsIn(reader: Reader, { segments }: Image): Range[] {
  return segments.filter(({ type, start, end }) => type !== 0 && end > start && end <= reader.size);
}

function accountSegments(reader: Reader, image: Image, ledger: Ledger): void {
  for (const { type, start, end } of image.segments) {
    reader.meter.step();
    if (type === 0 || end <= start) continue;
    if (end > reader.size) {
      if (image.sections.length > 0) continue;
      ledger.broken(new Truncated(reader.size, 'segment', end - reader.size));
      ledger.raw(Math.min(start, reader.size), reader.size, 'segments');
      continue;
    }
    ledger.raw(start, end, 'segments');
    if (type === NOTE_SEGMENT && image.sections.length === 0) accountNoteSegment(image, ledger, start, end);
  }
}

function accountNoteSegment(image: Image, ledger: Ledger, start: number, end: number): void {
  try {
    accountNotes(image.words, ledger, start, end, image.type === fileType.core ? 4 : 8);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

/** Between sections linkers leave zeros. */
function accountGaps(reader: Reader, ledger: Ledger, image: Image): void {
  if (image.sections.length === 0) return;
  const covered = union([...tablesOf(image), ...image.sections]);
  for (const { start, end } of complement(covered, { start: 0, end: covered.at(-1)?.end ?? 0 })) {
    if (isZeroFilled(reader, start, end))
      ledger.account(start, end, 'padding', 'between sections', SLACK_FLOOR);
  }
}
