import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Volume } from './descriptors.ts';

/** The tables of type L and M say the same in both byte orders (ECMA-119 §9.4): all of it stands twice. */
export function accountPathTables(
  reader: Reader,
  ledger: Ledger,
  { pathTables, pathTableSize }: Volume,
): void {
  const [little, big] = pathTables;
  if (big === 0 || little === 0) return;
  let at = 0;
  while (at < pathTableSize) {
    reader.meter.step();
    const length = reader.u8(little + at, 'path table');
    const place = reader.u32le(little + at + 2, 'path table');
    const parent = reader.u16le(little + at + 6, 'path table');
    const name = reader.latin1(little + at + 8, length, 'path table');
    const isSame =
      reader.u8(big + at, 'path table') === length &&
      reader.u32be(big + at + 2) === place &&
      reader.u16be(big + at + 6) === parent &&
      reader.latin1(big + at + 8, length, 'path table') === name;
    if (!isSame)
      throw new Broken(big + at, 'path table in both byte orders', `${place} ${name}`, 'another entry');
    at += 8 + length + (length % 2);
  }
  for (const start of pathTables)
    ledger.account(start, start + pathTableSize, 'structure', 'path table, twice');
}
