import { Broken } from '../../bytes/errors.ts';
import { lengthOf, type Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountText } from '../text-field.ts';
import { accountExtra } from './extra-fields.ts';
import { type CentralHeader, ENCRYPTED, HAS_DESCRIPTOR, type LocalHeader, MASKED } from './layout.ts';

/**
 * Compares both copies of an entry's header and accounts for what agrees. Each field that stands twice proves the
 * other; those that stand once are accounted for where few values are legal, with a floor beyond their length.
 * @throws Broken where they are no copies of each other
 */
export function verifyCopies(
  reader: Reader,
  ledger: Ledger,
  central: CentralHeader,
  local: LocalHeader,
): void {
  expectSameEntry(reader, central, local);
  accountLocal(reader, ledger, central, local);
  accountCentral(reader, ledger, central, local);
  accountExtra(reader, ledger, local, central.extra);
  accountExtra(reader, ledger, central, local.extra);
}

function expectSameEntry(reader: Reader, central: CentralHeader, local: LocalHeader): void {
  const at = local.start;
  if (local.method !== central.method) throw new Broken(at + 8, 'method', central.method, local.method);
  if (((local.flags ^ central.flags) & ENCRYPTED) !== 0) {
    throw new Broken(at + 6, 'flags', central.flags, local.flags);
  }
  if (!isSameText(reader, central.name, local.name) && (local.flags & MASKED) === 0) {
    throw new Broken(local.name.start, 'name', textOf(reader, central.name), textOf(reader, local.name));
  }
  expectSameSizes(central, local);
}

/** With a descriptor behind the content, or in a masked header, the local copies may be zero (APPNOTE §4.4.4). */
function expectSameSizes(central: CentralHeader, local: LocalHeader): void {
  const mayBeZero = (local.flags & (HAS_DESCRIPTOR | MASKED)) !== 0;
  const fields = [
    ['CRC-32', 14, 'sum'],
    ['packed size', 18, 'packedSize'],
    ['size', 22, 'size'],
  ] as const;
  for (const [what, offset, field] of fields) {
    const found = local[field];
    if (found === central[field] || (mayBeZero && (found === 0 || found === 0xffffffff))) continue;
    throw new Broken(local.start + offset, what, central[field], found);
  }
}

function accountLocal(reader: Reader, ledger: Ledger, central: CentralHeader, local: LocalHeader): void {
  const by = 'local header, as in the directory';
  const { start } = local;
  ledger.account(start, start + 4, 'structure', by);
  accountVersion(reader, ledger, start + 4);
  ledger.account(start + 6, start + 10, 'structure', by);
  if (local.time === central.time) ledger.account(start + 10, start + 14, 'structure', by);
  else ledger.oddity(start + 10, 'time other than in the directory');
  ledger.account(start + 14, local.name.start, 'structure', by);
  if ((local.flags & MASKED) === 0) ledger.account(local.name.start, local.name.end, 'structure', by);
}

function accountCentral(reader: Reader, ledger: Ledger, central: CentralHeader, local: LocalHeader): void {
  const by = 'directory, as in the local header';
  const { start } = central;
  ledger.account(start, start + 4, 'structure', by);
  accountVersion(reader, ledger, start + 4);
  accountVersion(reader, ledger, start + 6);
  ledger.account(start + 8, start + 12, 'structure', by);
  if (local.time === central.time) ledger.account(start + 12, start + 16, 'structure', by);
  ledger.account(start + 16, start + 36, 'structure', by);
  accountAttributes(reader, ledger, start + 36);
  ledger.account(start + 42, central.name.end, 'structure', by);
  accountText(reader, ledger, central.comment.start, central.comment.end, 'entry comment');
}

/** APPNOTE §4.4.2: version in the lower byte (up to 6.3), system in the upper (up to 19, 30 is in use, too). */
function accountVersion(reader: Reader, ledger: Ledger, at: number): void {
  const version = reader.u8(at);
  const system = reader.u8(at + 1);
  if (version <= 63 && (system <= 19 || system === 30)) ledger.account(at, at + 2, 'structure', 'version', 3);
}

/**
 * Internal attributes: two bits. External ones: those of DOS and NTFS in the lower half, where 7-Zip sets the highest
 * bit for a Unix mode in the upper half.
 */
function accountAttributes(reader: Reader, ledger: Ledger, at: number): void {
  if (reader.u16le(at) <= 7) ledger.account(at, at + 2, 'structure', 'internal attributes', 3);
  const external = reader.u32le(at + 2);
  const isUsual = (external & 0x7fff) <= 0xff && fileTypes.has(external >>> 28);
  if (isUsual) ledger.account(at + 2, at + 6, 'structure', 'external attributes', 7);
}

/** None; FIFO, character device, directory, block device, file, link, socket. */
const fileTypes = new Set([0, 1, 2, 4, 6, 8, 10, 12]);

function isSameText(reader: Reader, a: Range, b: Range): boolean {
  return lengthOf(a) === lengthOf(b) && reader.has(b.start, reader.copy(a.start, lengthOf(a)));
}

function textOf(reader: Reader, { start, end }: Range): string {
  return reader.latin1(start, Math.min(end - start, 200));
}
