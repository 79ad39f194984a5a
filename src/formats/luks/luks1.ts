import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

const HEADER = 592;
const SECTOR = 512;
const SLOTS = 8;
const SLOT = 48;
const ENABLED = 0x00ac71f3;
const DISABLED = 0x0000dead;

/** LUKS1 On-Disk Format §2.1: header, key slots with their material, volume. */
export function accountLuks1(reader: Reader, ledger: Ledger): void {
  const cipher = readName(reader, 8, 'cipher');
  const mode = readName(reader, 40, 'cipher mode');
  const hash = readName(reader, 72, 'hash');
  const keyBytes = reader.u32be(108, 'key length');
  if (keyBytes < 8 || keyBytes > 128) throw new Broken(108, 'key length', '8 to 128', keyBytes);
  const uuid = readName(reader, 168, 'UUID', 40);
  if (!/^[0-9a-f-]{36}$/i.test(uuid)) throw new Broken(168, 'UUID', '36 digits', uuid);
  ledger.account(0, 208, 'structure', 'header', 60);
  const ends = Array.from({ length: SLOTS }, (_, i) => accountSlot(reader, ledger, i, keyBytes));
  const payload = reader.u32be(104, 'offset of the volume') * SECTOR;
  const strength = `${cipher}-${mode}, ${keyBytes * 8} bits, ${hash}`;
  const scheme = 'LUKS1';
  const end = Math.min(reader.size, payload === 0 ? Math.max(...ends) : payload);
  ledger.protect(HEADER, Math.max(HEADER, end), scheme, strength);
  if (reader.size <= payload) ledger.oddity(reader.size, 'header without its volume');
  else ledger.protect(end, reader.size, scheme, strength);
}

/** A name with zeros behind it. */
function readName(reader: Reader, at: number, what: string, length = 32): string {
  const text = reader.latin1(at, length, what);
  const found = /^([\x21-\x7e]+)\0*$/.exec(text);
  if (found === null) throw new Broken(at, what, 'a name and zeros', JSON.stringify(text.slice(0, 16)));
  return found[1]!;
}

/** @returns where the slot's key material ends, in bytes; 0 for an unused one */
function accountSlot(reader: Reader, ledger: Ledger, index: number, keyBytes: number): number {
  const at = 208 + index * SLOT;
  const state = reader.u32be(at, 'state of a key slot');
  const stripes = reader.u32be(at + 44, 'stripes');
  if (state !== ENABLED && state !== DISABLED)
    throw new Broken(at, 'state of a key slot', 'enabled or not', state);
  if (stripes === 0 || stripes > 1 << 16) throw new Broken(at + 44, 'stripes', '4000', stripes);
  ledger.account(at, at + SLOT, 'structure', 'key slot', 40);
  if (state === DISABLED) return 0;
  const end = reader.u32be(at + 40, 'key material') * SECTOR + keyBytes * stripes;
  if (end > reader.size) throw new Truncated(reader.size, 'key material', end - reader.size);
  return end;
}
