import { Broken } from '../../bytes/errors.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Image, Section } from './layout.ts';

const COMPRESSED = 0x800;
const ZLIB = 1;

/** Accounts for a section that holds a zlib stream, if it does. @throws Broken */
export function accountCompressed({ words }: Image, ledger: Ledger, section: Section): boolean {
  const header = words.wide ? 24 : 12;
  if ((section.flags & COMPRESSED) !== 0) {
    if (words.u32(section.start) !== ZLIB) {
      // Zstandard: another decoder's frame, which nothing here checks.
      ledger.coded(section.start, section.end, `compressed ${section.name}`);
      return true;
    }
    inflateSection(
      words.reader,
      ledger,
      section,
      header,
      words.address(section.start + (words.wide ? 8 : 4)),
    );
    return true;
  }
  if (!section.name.startsWith('.zdebug') || !words.reader.has(section.start, 'ZLIB')) return false;
  inflateSection(words.reader, ledger, section, 12, words.reader.u64be(section.start + 4));
  return true;
}

function inflateSection(
  reader: Image['words']['reader'],
  ledger: Ledger,
  section: Section,
  header: number,
  size: number,
): void {
  const start = section.start + header;
  let produced = 0;
  const { consumed } = inflateZlib(reader, start, section.end, (piece) => {
    produced += piece.length;
  });
  if (produced !== size) throw new Broken(section.start, `size of ${section.name}`, size, produced);
  ledger.account(section.start, start, 'structure', 'compression header', 8);
  ledger.account(start, start + consumed, 'checksum', 'Adler-32 of compressed sections');
}
