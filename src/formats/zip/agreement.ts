import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountText } from '../text-field.ts';
import { accountExtra } from './extra-fields.ts';
import { accountHeader } from './header-claims.ts';
import { type CentralHeader, HAS_DESCRIPTOR, type LocalHeader, MASKED } from './layout.ts';

/** Both copies of an entry's header, each with the reader that stands at it: so neither loses its window. */
export interface Copies {
  readonly central: CentralHeader;
  readonly local: LocalHeader;
  readonly atCentral: Reader;
  readonly atLocal: Reader;
}

/**
 * Compares both copies of an entry's header and accounts for what agrees. Each field that stands twice proves the
 * other; those that stand once are accounted for where few values are legal.
 * @throws Broken where they are no copies of each other
 */
export function verifyCopies(ledger: Ledger, copies: Copies): void {
  const { central, local, atCentral, atLocal } = copies;
  expectSameEntry(copies);
  accountLocal(ledger, copies);
  accountCentral(ledger, copies);
  accountExtra(ledger, { reader: atLocal, header: local }, { reader: atCentral, header: central });
  accountExtra(ledger, { reader: atCentral, header: central }, { reader: atLocal, header: local });
}

/** Options of the method, descriptor, encoding of the name: some writers set these in one copy only. */
const MAY_DIFFER = 0x080e;

function expectSameEntry({ central, local, atCentral, atLocal }: Copies): void {
  const at = local.start;
  if (local.method !== central.method) throw new Broken(at + 8, 'method', central.method, local.method);
  if (((local.flags ^ central.flags) & ~MAY_DIFFER) !== 0) {
    throw new Broken(at + 6, 'flags', central.flags, local.flags);
  }
  const name = textOf(atCentral, central.name);
  if ((local.flags & MASKED) === 0 && textOf(atLocal, local.name) !== name) {
    throw new Broken(local.name.start, 'name', name, textOf(atLocal, local.name));
  }
  expectSameSizes(central, local);
}

/** With a descriptor behind the content, or in a masked header, the local copies may be zero (APPNOTE §4.4.4). */
function expectSameSizes(central: CentralHeader, local: LocalHeader): void {
  const mayBeZero = (local.flags & (HAS_DESCRIPTOR | MASKED)) !== 0;
  for (const [what, offset, field] of sizeFields) {
    const found = local[field];
    if (found === central[field] || (mayBeZero && (found === 0 || found === 0xffffffff))) continue;
    throw new Broken(local.start + offset, what, central[field], found);
  }
}

/** Names and offsets of the fields that promise the content. */
const sizeFields = [
  ['CRC-32', 14, 'sum'],
  ['packed size', 18, 'packedSize'],
  ['size', 22, 'size'],
] as const;

function accountLocal(ledger: Ledger, { central, local, atLocal }: Copies): void {
  const { start } = local;
  accountHeader(ledger, start, start + 4);
  accountVersion(atLocal, ledger, start + 4);
  if (local.flags === central.flags) accountHeader(ledger, start + 6, start + 8);
  else ledger.oddity(start + 6, 'flags other than in the directory');
  accountHeader(ledger, start + 8, start + 10);
  if (local.time === central.time) accountHeader(ledger, start + 10, start + 14);
  else ledger.oddity(start + 10, 'time other than in the directory');
  accountHeader(ledger, start + 14, (local.flags & MASKED) === 0 ? local.name.end : local.name.start);
}

function accountCentral(ledger: Ledger, { central, local, atCentral }: Copies): void {
  const { start, comment } = central;
  accountHeader(ledger, start, start + 4);
  accountVersion(atCentral, ledger, start + 4);
  accountVersion(atCentral, ledger, start + 6);
  accountHeader(ledger, local.flags === central.flags ? start + 8 : start + 10, start + 12);
  if (local.time === central.time) accountHeader(ledger, start + 12, start + 16);
  accountHeader(ledger, start + 16, start + 36);
  accountAttributes(atCentral, ledger, start + 36);
  accountHeader(ledger, start + 42, central.name.end);
  accountText(atCentral, ledger, comment.start, comment.end, 'entry comment');
}

/** APPNOTE §4.4.2: version in the lower byte (up to 6.3), system in the upper (up to 19, 30 is in use, too). */
function accountVersion(reader: Reader, ledger: Ledger, at: number): void {
  const version = reader.u8(at);
  const system = reader.u8(at + 1);
  if (version <= 63 && (system <= 19 || system === 30)) accountHeader(ledger, at, at + 2);
}

/**
 * Internal attributes: two bits. External ones: those of DOS and NTFS in the lower half, where 7-Zip sets the highest
 * bit for a Unix mode in the upper half.
 */
function accountAttributes(reader: Reader, ledger: Ledger, at: number): void {
  if (reader.u16le(at) <= 7) accountHeader(ledger, at, at + 2);
  const external = reader.u32le(at + 2);
  const isUsual = (external & 0x7fff) <= 0xff && fileTypes.has(external >>> 28);
  if (isUsual) accountHeader(ledger, at + 2, at + 6);
}

/** None; FIFO, character device, directory, block device, file, link, socket. */
const fileTypes = new Set([0, 1, 2, 4, 6, 8, 10, 12]);

function textOf(reader: Reader, { start, end }: Range): string {
  return reader.latin1(start, end - start, 'name');
}
