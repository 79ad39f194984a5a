import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountStrings } from '../elf/strings.ts';

const SYMBOL = 18;
/** A symbol with its auxiliary records: class, type and section are tied down, a name of eight bytes is text. */
const FLOOR = 64;

/** The COFF symbol table and the strings behind it (PE Format, "COFF Symbol Table"); null if there is none. */
export function accountSymbols(
  reader: Reader,
  ledger: Ledger,
  table: { readonly at: number; readonly count: number; readonly sections: number },
): Range | null {
  const { at: start, count, sections } = table;
  const end = start + SYMBOL * count;
  if (start === 0 || count === 0 || end + 4 > reader.size) return null;
  const length = reader.u32le(end);
  for (let at = start; at + SYMBOL <= end; at += SYMBOL * (1 + reader.u8(at + 17))) {
    reader.meter.step();
    checkSymbol(reader, at, end, sections, length);
  }
  ledger.account(start, end, 'structure', 'symbols', FLOOR);
  if (length < 4 || end + length > reader.size) return { start, end };
  ledger.account(end, end + 4, 'structure', 'size of the string table');
  accountStrings(reader, ledger, end + 4, end + length, 'symbol names');
  return { start, end: end + length };
}

function checkSymbol(reader: Reader, at: number, end: number, sections: number, strings: number): void {
  const section = reader.u16le(at + 12);
  if (section > sections && section < 0xfffe)
    throw new Broken(at + 12, 'section of a symbol', `up to ${sections}`, section);
  const storage = reader.u8(at + 16);
  if (storage > 20 && storage < 100 && storage !== 68)
    throw new Broken(at + 16, 'storage class', 'a defined one', storage);
  const next = at + SYMBOL * (1 + reader.u8(at + 17));
  if (next > end) throw new Broken(at + 17, 'auxiliary records', `an end up to ${end}`, next);
  if (reader.u32le(at) === 0) {
    const name = reader.u32le(at + 4);
    if (name >= Math.max(strings, 5))
      throw new Broken(at + 4, 'name of a symbol', `less than ${strings}`, name);
  } else if (!/^[\x20-\x7e\x80-\xff]+\0*$/.test(reader.latin1(at, 8))) {
    throw new Broken(at, 'name of a symbol', 'text', reader.latin1(at, 8));
  }
}
