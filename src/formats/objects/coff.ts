import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountStrings } from '../elf/strings.ts';
import type { Format } from '../format.ts';
import { isZeroFilled } from '../tail.ts';

const HEADER = 20;
const SECTION = 40;
const SYMBOL = 18;
const RELOCATION = 10;
/** A long path of a source file takes so many records behind its symbol. */
const MOST_AUXILIARY = 32;
/** IMAGE_SCN_CNT_UNINITIALIZED_DATA. */
const UNINITIALISED = 0x80;
const machines = { intel32: 0x14c, amd64: 0x8664, arm: 0x1c4, arm64: 0xaa64 } as const;

export const coff: Format = {
  id: 'coff',
  title: 'COFF object',
  extensions: ['obj'],
  signatures: Object.values(machines).map((machine) => ({
    at: 0,
    hex: `${(machine & 255).toString(16).padStart(2, '0')}${(machine >> 8).toString(16).padStart(2, '0')}${'00'.repeat(16)}`,
    mask: `ffff00ff${'00'.repeat(12)}ffff`,
  })),
  spec: 'Microsoft PE and COFF Specification 8.3, sections 3 to 5',
  proof: 'tables lie inside the file, symbols and relocations refer to each other; code and data stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const symbols = verifySymbols(reader, ledger);
    const sections = reader.u16le(2);
    const end = HEADER + sections * SECTION;
    if (end > reader.size) throw new Truncated(reader.size, 'section headers', end - reader.size);
    ledger.account(0, HEADER, 'structure', 'header', 16);
    ledger.account(HEADER, end, 'structure', 'section headers', 2 * SECTION);
    let reached = Math.max(end, symbols.end);
    for (let i = 0; i < sections; i++) {
      reader.meter.step();
      reached = Math.max(reached, accountSection(reader, ledger, HEADER + i * SECTION, symbols.count));
    }
    ledger.trailing(reached, reader.size);
  },
};

/** The table of symbols, and behind it that of long names, whose length counts itself. */
function verifySymbols(reader: Reader, ledger: Ledger): { readonly count: number; readonly end: number } {
  const start = reader.u32le(8);
  const count = reader.u32le(12);
  if (count === 0) return { count, end: 0 };
  const names = start + count * SYMBOL;
  const end = names + reader.u32le(names, 'length of names');
  if (start < HEADER || end > reader.size || end < names + 4)
    throw new Broken(8, 'table of symbols', 'one inside of the file', `${start} to ${end}`);
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const at = start + i * SYMBOL;
    const auxiliary = reader.u8(at + 17);
    if (!isSymbol(reader, at, end - names) || auxiliary > MOST_AUXILIARY || i + auxiliary >= count)
      throw new Broken(at, 'symbol', 'a name, a section and a class', 'something else');
    i += auxiliary;
  }
  ledger.account(start, names + 4, 'structure', 'symbols', 4 * SYMBOL);
  if (end > names + 4) accountStrings(reader, ledger, names + 4, end, 'long names');
  return { count, end };
}

/** Name in the record or among the long ones, number of the section from −2 on, storage class (section 5.4). */
function isSymbol(reader: Reader, at: number, namesLength: number): boolean {
  const isLong = reader.u32le(at) === 0;
  if (isLong && reader.u32le(at + 4) >= namesLength) return false;
  if (!isLong && !reader.bytes(at, 8).every((byte) => byte === 0 || (byte >= 0x20 && byte !== 0x7f)))
    return false;
  const section = (reader.u16le(at + 12) << 16) >> 16;
  const storage = reader.u8(at + 16);
  if (section < -2 || section > reader.u16le(2)) return false;
  return storage <= 18 || (storage >= 100 && storage <= 107) || storage === 255;
}

/** Gives where the section ends. */
function accountSection(reader: Reader, ledger: Ledger, at: number, symbols: number): number {
  const [size, data, relocations] = [reader.u32le(at + 16), reader.u32le(at + 20), reader.u32le(at + 24)];
  const count = reader.u16le(at + 32);
  const isStored = data !== 0 && (reader.u32le(at + 36) & UNINITIALISED) === 0;
  const end = data === 0 || !isStored ? data : data + size;
  const relocationsEnd = count === 0 ? 0 : relocations + count * RELOCATION;
  if (Math.max(end, relocationsEnd) > reader.size)
    throw new Broken(
      at + 16,
      'place of a section',
      `inside of ${reader.size} bytes`,
      Math.max(end, relocationsEnd),
    );
  if (isStored && isZeroFilled(reader, data, end)) ledger.account(data, end, 'padding', 'zeros');
  else if (isStored) ledger.raw(data, end, 'section');
  for (let i = 0; i < count; i++) {
    const symbol = reader.u32le(relocations + i * RELOCATION + 4, 'relocation');
    if (symbol >= symbols)
      throw new Broken(
        relocations + i * RELOCATION + 4,
        'symbol of a relocation',
        `less than ${symbols}`,
        symbol,
      );
  }
  if (count > 0) ledger.account(relocations, relocationsEnd, 'structure', 'relocations', 2 * RELOCATION);
  return Math.max(end, relocationsEnd);
}
