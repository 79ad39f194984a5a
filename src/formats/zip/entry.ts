import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineMember } from '../member.ts';
import { verifyCopies } from './agreement.ts';
import { contentOf, verifyContent } from './content.ts';
import { accountHeader } from './header-claims.ts';
import {
  CENTRAL,
  type CentralHeader,
  ENCRYPTED,
  HAS_DESCRIPTOR,
  LOCAL,
  type LocalHeader,
  readDescriptor,
  readLocalHeader,
} from './layout.ts';
import { nameAt } from './names.ts';
import { noteProtected } from './protection.ts';

/** What an archive's verifier works with. */
export interface Desk {
  readonly reader: Reader;
  /** A second window over the same file, for the directory: entries and directory are read by turns. */
  readonly directory: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  /** Entries that hold ciphertext of the owner's, by name, with the scheme. */
  readonly sealed: ReadonlyMap<string, string>;
}

export const nothingSealed: ReadonlyMap<string, string> = new Map();

/**
 * Verifies one entry that the directory lists: both headers, content, descriptor. What fails is noted.
 * Gives the range that the entry takes in the file, as far as it's known.
 */
export function verifyEntry(desk: Desk, central: CentralHeader, start: number): Range {
  const { reader, ledger } = desk;
  const least = { start, end: Math.min(reader.size, start + 30 + central.packedSize) };
  const local = attempt(ledger, least.end, () => {
    const header = readLocalHeader(reader, start);
    verifyCopies(ledger, { central, local: header, atCentral: desk.directory, atLocal: reader });
    return header;
  });
  if (local === null) return least;
  const packed = { start: local.end, end: Math.min(reader.size, local.end + central.packedSize) };
  attempt(ledger, packed.end, () => verifyPacked(desk, central, local));
  return { start, end: endOfEntry(desk, central, local, packed.end) };
}

function verifyPacked(desk: Desk, central: CentralHeader, local: LocalHeader): void {
  const { reader, ledger, context } = desk;
  if ((central.flags & ENCRYPTED) !== 0) {
    verifyProtected(desk, central, local.end);
    return;
  }
  const content = contentOf(central, local.end);
  const source = verifyContent(reader, ledger, content);
  const name = nameAt(desk.directory, central.name);
  const scheme = desk.sealed.get(name);
  if (scheme !== undefined) ledger.protect(content.start, content.end, scheme);
  else if (source !== null && !isFolder(name, content.size))
    examineMember(context, ledger, name, source, content);
}

/** Some set the mark and leave the content plain: what fits no scheme may still fit its CRC-32. */
function verifyProtected({ reader, directory, ledger }: Desk, central: CentralHeader, start: number): void {
  try {
    noteProtected(directory, ledger, central, start);
  } catch (error) {
    if (!(error instanceof Broken) || !isPlain(reader, ledger, central, start)) throw error;
    ledger.oddity(start, 'plain content that is marked as encrypted');
  }
}

function isPlain(reader: Reader, ledger: Ledger, central: CentralHeader, start: number): boolean {
  try {
    return verifyContent(reader, ledger, contentOf(central, start)) !== null;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

function isFolder(name: string, size: number): boolean {
  return size === 0 && (name.endsWith('/') || name.endsWith('\\'));
}

function endOfEntry(
  { reader, ledger }: Desk,
  central: CentralHeader,
  local: LocalHeader,
  at: number,
): number {
  if ((local.flags & HAS_DESCRIPTOR) === 0) return at;
  if (reader.has(at, LOCAL) || reader.has(at, CENTRAL)) {
    ledger.oddity(at, 'no data descriptor where one is promised');
    return at;
  }
  const end = attempt(ledger, at, () => readDescriptor(reader, at, central));
  if (end === null) return at;
  accountHeader(ledger, at, end);
  return end;
}

/** Null where the bytes contradict, which is noted: the loss ends at `end`. */
function attempt<T>(ledger: Ledger, end: number, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, Math.max(end, error.at));
    return null;
  }
}
