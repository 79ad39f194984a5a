import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountCompressed } from './compressed.ts';
import { accountFrames } from './frames.ts';
import { accountGnuHash, accountHash } from './hash.ts';
import { type Image, type Section, sectionType } from './layout.ts';
import { accountNotes } from './notes.ts';
import { accountStrings } from './strings.ts';
import { accountRelocations, accountSymbols } from './symbols.ts';

/** SHF_STRINGS: zero-terminated strings, of one byte a character where the entry size is one. */
const STRINGS = 0x20;
/** Sections that hold text and aren't marked so. */
const textNames = new Set([
  '.comment',
  '.interp',
  '.debug_str',
  '.debug_line_str',
  '.modinfo',
  '.gnu_debugaltlink',
]);

type Check = (image: Image, ledger: Ledger, section: Section) => void;

const checks: ReadonlyMap<number, Check> = new Map<number, Check>([
  [sectionType.symbols, accountSymbols],
  [sectionType.dynamicSymbols, accountSymbols],
  [sectionType.strings, accountText],
  [sectionType.relocations, (image, ledger, section) => accountRelocations(image, ledger, section, false)],
  [
    sectionType.relocationsWithAddend,
    (image, ledger, section) => accountRelocations(image, ledger, section, true),
  ],
  [sectionType.hash, accountHash],
  [sectionType.gnuHash, accountGnuHash],
  [sectionType.dynamic, accountDynamic],
  [sectionType.note, ({ words }, ledger, { start, end }) => accountNotes(words, ledger, start, end, 4)],
  [sectionType.group, accountGroup],
  [sectionType.versions, accountVersions],
]);

/** Accounts for one section by what its type and name say; what nothing is known of stays raw. */
export function accountSection(image: Image, ledger: Ledger, section: Section): void {
  const { start, end, name } = section;
  if (start === end) return;
  ledger.raw(start, end, name === '' ? 'section' : name);
  try {
    if (accountCompressed(image, ledger, section)) return;
    const check = checks.get(section.type) ?? checkByName(section);
    check?.(image, ledger, section);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

function checkByName({ name, flags, entrySize }: Section): Check | null {
  if (name === '.eh_frame')
    return ({ words }, ledger, { start, end }) => accountFrames(words, ledger, start, end);
  if (textNames.has(name) || ((flags & STRINGS) !== 0 && entrySize <= 1)) return accountText;
  return null;
}

function accountText({ words }: Image, ledger: Ledger, { start, end, name }: Section): void {
  accountStrings(words.reader, ledger, start, end, name);
}

/** Pairs of tag and value up to a null tag; zeros follow. */
function accountDynamic({ words }: Image, ledger: Ledger, { start, end }: Section): void {
  const size = 2 * words.size;
  for (let at = start; at + size <= end; at += size) {
    words.reader.meter.step();
    const tag = words.address(at);
    // gABI: tags are small, or of the operating system or the processor, below 2^31.
    if (tag > 0x7fffffff) throw new Broken(at, 'tag of the dynamic section', 'below 2^31', tag);
  }
  ledger.account(start, end, 'structure', 'dynamic section', words.wide ? 24 : 64);
}

/** Indexes of the sections that belong together. */
function accountGroup({ words, sections }: Image, ledger: Ledger, { start, end }: Section): void {
  for (let at = start + 4; at + 4 <= end; at += 4) {
    const index = words.u32(at);
    if (index >= sections.length)
      throw new Broken(at, 'section of a group', `less than ${sections.length}`, index);
  }
  ledger.account(start, end, 'structure', 'section group', 8);
}

/** A small version index for each dynamic symbol; the highest bit hides it. */
function accountVersions({ words }: Image, ledger: Ledger, { start, end }: Section): void {
  for (let at = start; at + 2 <= end; at += 2) {
    words.reader.meter.step();
    if ((words.u16(at) & 0x7fff) > 0x3ff)
      throw new Broken(at, 'version of a symbol', 'a small index', words.u16(at));
  }
  ledger.account(start, end, 'structure', 'symbol versions', 12);
}
