import { Broken } from '../../bytes/errors.ts';
import { complement, type Range, union } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { certificateTable, verifySignatures } from './authenticode.ts';
import { verifyChecksum } from './checksum.ts';
import { accountDirectories } from './directories.ts';
import { checkSections, type Image, type PeSection, readImage } from './layout.ts';
import { accountOverlay } from './overlay.ts';
import { accountSymbols } from './symbols.ts';
import { verifyPacked } from './upx.ts';

export const pe: Format = {
  id: 'pe',
  title: 'Windows Portable Executable',
  extensions: [
    'exe',
    'dll',
    'sys',
    'ocx',
    'scr',
    'cpl',
    'efi',
    'drv',
    'mui',
    'ax',
    'tsp',
    'acm',
    'winmd',
    'node',
    'pyd',
  ],
  signatures: [{ at: 0, hex: '4d5a' }],
  spec: 'Microsoft PE Format; Windows Authenticode Portable Executable Signature Format',
  proof:
    'the Authenticode digest, where signed; else headers, names, relocations and tables: code and data stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const image = readImage(reader);
    for (const error of checkSections(reader, image)) ledger.broken(error);
    accountHeaders(reader, ledger, image);
    for (const section of sectionsIn(reader, image)) accountSection(reader, ledger, section);
    accountDirectories(reader, ledger, context, image);
    tryPart(ledger, () => verifyPacked(reader, ledger, image));
    verifyChecksum(reader, ledger, image);
    accountRest(reader, ledger, context, image);
  },
};

function accountHeaders(reader: Reader, ledger: Ledger, image: Image): void {
  const { peAt, optionalAt, directoriesAt, sectionsAt, headersEnd, directories, sections } = image;
  ledger.account(0, 2, 'structure', 'DOS header');
  ledger.raw(2, 60, 'DOS header');
  ledger.account(60, 64, 'structure', 'offset of the PE header');
  // The smallest of programs put the PE header into the DOS header.
  if (peAt > 64) ledger.raw(64, peAt, 'DOS program');
  ledger.account(peAt, optionalAt, 'structure', 'COFF header', 24);
  ledger.account(optionalAt, directoriesAt, 'structure', 'optional header', 64);
  ledger.account(directoriesAt, directoriesAt + 8 * directories.length, 'structure', 'data directories', 24);
  ledger.account(sectionsAt, headersEnd, 'structure', 'section headers', 40);
  const first = Math.min(reader.size, ...sections.filter(({ end }) => end > 0).map(({ start }) => start));
  // Bound imports and the like of linkers stand here; what isn't zero stays raw.
  if (first > headersEnd) accountGap(reader, ledger, headersEnd, first);
}

function accountGap(reader: Reader, ledger: Ledger, start: number, end: number): void {
  if (isZeroFilled(reader, start, end))
    ledger.account(start, end, 'padding', 'between sections', SLACK_FLOOR);
  else ledger.raw(start, end, 'between sections');
}

function sectionsIn(reader: Reader, { sections }: Image): PeSection[] {
  return sections
    .filter(({ start, end }) => end > start && start < reader.size)
    .map((section) => ({ ...section, end: Math.min(section.end, reader.size) }));
}

/** Code and data are raw; what a section has more in the file than in memory are zeros. */
function accountSection(reader: Reader, ledger: Ledger, { start, end, virtualSize, name }: PeSection): void {
  ledger.raw(start, end, name === '' ? 'section' : name);
  const used = start + virtualSize;
  if (virtualSize === 0 || used >= end) return;
  if (isZeroFilled(reader, used, end)) ledger.account(used, end, 'padding', 'end of a section', SLACK_FLOOR);
}

/** Symbols, certificates, and what is between and behind. */
function accountRest(reader: Reader, ledger: Ledger, context: Context, image: Image): void {
  const covered: Range[] = [{ start: 0, end: image.headersEnd }, ...sectionsIn(reader, image)];
  const sectionsEnd = Math.max(...covered.map(({ end }) => end));
  tryPart(ledger, () => {
    const symbols = accountSymbols(reader, ledger, {
      at: image.symbolsAt,
      count: image.symbolCount,
      sections: image.sections.length,
    });
    if (symbols !== null) covered.push(symbols);
  });
  tryPart(ledger, () => {
    const table = certificateTable(reader, image);
    if (table === null) return;
    covered.push(table);
    verifySignatures(reader, ledger, image, table);
  });
  const gaps = complement(union(covered), { start: 0, end: reader.size });
  for (const gap of gaps) {
    if (gap.end <= sectionsEnd) accountGap(reader, ledger, gap.start, gap.end);
    else accountOverlay({ reader, ledger, context }, gap);
  }
}

function tryPart(ledger: Ledger, part: () => void): void {
  try {
    part();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error);
  }
}
