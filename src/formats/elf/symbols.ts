import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Image, Section } from './layout.ts';

/** Name offset, type, binding and section index are tied down in every symbol; value and size aren't. */
const SYMBOL_FLOOR = 40;
/** Section indexes from here on have meanings of their own (gABI, "Special Section Indexes"). */
const RESERVED = 0xff00;

/** Checks a symbol table against its string table and the sections. @throws Broken */
export function accountSymbols(image: Image, ledger: Ledger, section: Section): void {
  const { words, sections } = image;
  const strings = sections[section.link];
  if (strings === undefined)
    throw new Broken(section.start, `${section.name}: string table`, 'a section', section.link);
  const size = words.wide ? 24 : 16;
  const names = strings.end - strings.start;
  for (let at = section.start; at + size <= section.end; at += size) {
    words.reader.meter.step();
    const name = words.u32(at);
    if (name > 0 && name >= names) throw new Broken(at, 'name of a symbol', `less than ${names}`, name);
    const info = words.reader.u8(at + (words.wide ? 4 : 12));
    const index = words.u16(at + (words.wide ? 6 : 14));
    if ((info & 15) > 10 && (info & 15) < 13)
      throw new Broken(at, 'type of a symbol', 'a defined one', info & 15);
    if (index >= sections.length && index < RESERVED) {
      throw new Broken(at, 'section of a symbol', `less than ${sections.length}`, index);
    }
  }
  ledger.account(section.start, section.end, 'structure', 'symbols', SYMBOL_FLOOR);
}

/** Checks relocations: symbols exist, offsets are in range. @throws Broken */
export function accountRelocations(
  image: Image,
  ledger: Ledger,
  section: Section,
  withAddend: boolean,
): void {
  const { words, sections } = image;
  const size = (words.wide ? 8 : 4) * (withAddend ? 3 : 2);
  const most = countSymbols(image, sections[section.link]);
  for (let at = section.start; at + size <= section.end; at += size) {
    words.reader.meter.step();
    const symbol = words.wide ? words.u32(at + (words.bigEndian ? 8 : 12)) : words.u32(at + 4) >>> 8;
    // MIPS64 keeps the symbol in the first half whatever the byte order.
    if (symbol >= most && !(words.wide && words.u32(at + 8) < most)) {
      throw new Broken(at, 'symbol of a relocation', `less than ${most}`, symbol);
    }
  }
  ledger.account(section.start, section.end, 'structure', 'relocations', 40);
}

function countSymbols({ words }: Image, section: Section | undefined): number {
  if (section === undefined || section.type === 0) return 1;
  return Math.max(1, (section.end - section.start) / (words.wide ? 24 : 16));
}
