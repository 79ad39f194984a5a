import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountUtf16 } from '../utf16-text.ts';

/** KEY_COMP_NAME: the name is Latin-1, not UTF-16. */
const IS_COMPRESSED = 0x20;

/** Accounts for a cell in use by the signature of its content; cells without one hold data of values. */
export function accountCell(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const kind = reader.latin1(start, 2);
  ledger.raw(start, end, 'cells');
  if (kind === 'nk' && end - start >= 76) accountKey(reader, ledger, start, end);
  else if (kind === 'vk' && end - start >= 20) accountValue(reader, ledger, start, end);
  else if (kind === 'lf' || kind === 'lh' || kind === 'li' || kind === 'ri')
    accountList(reader, ledger, start, end, kind);
  else accountUtf16(reader, ledger, start, end, 'value data');
}

/** Key node: name at its end, in Latin-1 or UTF-16. */
function accountKey(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const length = reader.u16le(start + 72);
  if (start + 76 + length > end)
    throw new Broken(start + 72, 'length of a key name', `up to ${end - start - 76}`, length);
  ledger.account(start, start + 4, 'structure', 'key node');
  ledger.account(start + 72, start + 76, 'structure', 'key node');
  const isLatin = (reader.u16le(start + 2) & IS_COMPRESSED) !== 0;
  accountName(reader, ledger, start + 76, start + 76 + length, isLatin);
}

function accountValue(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const length = reader.u16le(start + 2);
  if (start + 20 + length > end)
    throw new Broken(start + 2, 'length of a value name', `up to ${end - start - 20}`, length);
  ledger.account(start, start + 4, 'structure', 'key value');
  accountName(reader, ledger, start + 20, start + 20 + length, (reader.u16le(start + 16) & 1) !== 0);
}

function accountName(reader: Reader, ledger: Ledger, start: number, end: number, isLatin: boolean): void {
  if (!isLatin) {
    accountUtf16(reader, ledger, start, end, 'names');
    return;
  }
  if (end > start && /^[\x20-\x7e\xa0-\xff]*$/.test(reader.latin1(start, end - start))) {
    ledger.account(start, end, 'grammar', 'names', 32);
  }
}

/** Lists of subkeys: a count, then offsets of cells, with hashes or hints in two of the kinds. */
function accountList(reader: Reader, ledger: Ledger, start: number, end: number, kind: string): void {
  const size = kind === 'lf' || kind === 'lh' ? 8 : 4;
  const listEnd = start + 4 + size * reader.u16le(start + 2);
  if (listEnd > end) throw new Broken(start + 2, 'entries of a list', `an end up to ${end}`, listEnd);
  for (let at = start + 4; at < listEnd; at += size) {
    reader.meter.step();
    const offset = reader.u32le(at);
    if (offset % 8 !== 0 || offset + 4096 > reader.size)
      throw new Broken(at, 'offset of a cell', 'one in the hive', offset);
  }
  ledger.account(start, listEnd, 'structure', 'subkey lists', size === 8 ? 16 : 8);
}
