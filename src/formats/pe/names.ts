import { Broken } from '../../bytes/errors.ts';
import { type Image, offsetOf } from './layout.ts';
import type { Part } from './part.ts';

const DESCRIPTOR = 20;
const LONGEST_NAME = 4096;

/** Import descriptors up to an empty one, each with a library's name and lists of functions' names. */
export function accountImports(part: Part): void {
  const { reader, ledger, image, start } = part;
  for (let at = start; at + DESCRIPTOR <= reader.size; at += DESCRIPTOR) {
    reader.meter.step();
    const nameAt = reader.u32le(at + 12);
    if (nameAt === 0 && reader.u32le(at + 16) === 0) {
      ledger.account(start, at + DESCRIPTOR, 'structure', 'import descriptors', 24);
      return;
    }
    accountName(part, nameAt, at + 12);
    const lookups = reader.u32le(at) || reader.u32le(at + 16);
    accountLookups(part, lookups, image);
  }
}

/** Names by address, or ordinals, which have their highest bit set; zero ends the list. */
function accountLookups(part: Part, address: number, image: Image): void {
  const { reader, ledger } = part;
  const size = image.wide ? 8 : 4;
  const start = offsetOf(image, address);
  if (start < 0) return;
  for (let at = start; at + size <= reader.size; at += size) {
    reader.meter.step();
    const low = reader.u32le(at);
    const high = image.wide ? reader.u32le(at + 4) : low & 0x80000000;
    if (low === 0 && high === 0) {
      ledger.account(start, at + size, 'structure', 'import lookups', 12);
      return;
    }
    if (high === 0) accountName(part, low + 2, at);
  }
}

/** Accounts for the zero-terminated name at an address. @throws Broken when it isn't text */
function accountName({ reader, ledger, image }: Part, address: number, referenceAt: number): void {
  const at = offsetOf(image, address);
  if (at < 0) throw new Broken(referenceAt, 'address of a name', 'an address in a section', address);
  const text = reader.latin1(at, Math.min(LONGEST_NAME, reader.size - at));
  const end = text.indexOf('\0');
  if (end < 0 || !/^[\x20-\x7e\x80-\xff]*$/.test(text.slice(0, end)))
    throw new Broken(at, 'name', 'text', text.slice(0, 16));
  ledger.account(at, at + end + 1, 'grammar', 'names', 24);
}

/** The export directory: addresses, sorted names, ordinals. */
export function accountExports(part: Part): void {
  const { reader, ledger, image, start } = part;
  accountName(part, reader.u32le(start + 12), start + 12);
  const functions = reader.u32le(start + 20);
  const names = reader.u32le(start + 24);
  const namesAt = offsetOf(image, reader.u32le(start + 32));
  const ordinalsAt = offsetOf(image, reader.u32le(start + 36));
  ledger.account(start, start + 40, 'structure', 'export directory', 16);
  if (names === 0 || namesAt < 0 || ordinalsAt < 0) return;
  for (let i = 0; i < names; i++) {
    reader.meter.step();
    const ordinal = reader.u16le(ordinalsAt + 2 * i);
    if (ordinal >= functions)
      throw new Broken(ordinalsAt + 2 * i, 'ordinal', `less than ${functions}`, ordinal);
    accountName(part, reader.u32le(namesAt + 4 * i), namesAt + 4 * i);
  }
  ledger.account(namesAt, namesAt + 4 * names, 'structure', 'addresses of exported names', 8);
  ledger.account(ordinalsAt, ordinalsAt + 2 * names, 'structure', 'ordinals', 64);
}
