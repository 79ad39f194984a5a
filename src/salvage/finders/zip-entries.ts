import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { crc32 } from '../../checks/crc32.ts';
import { examine } from '../../examine/examine.ts';
import type { KnownFormat } from '../../formats/format.ts';
import { contentOf, verifyContent } from '../../formats/zip/content.ts';
import {
  ENCRYPTED,
  HAS_DESCRIPTOR,
  LOCAL,
  type LocalHeader,
  readDescriptor,
  readLocalHeader,
} from '../../formats/zip/layout.ts';
import { methods } from '../../formats/zip/methods.ts';
import { nameAt } from '../../formats/zip/names.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Finder, Subject, Take } from '../item.ts';
import { isTainted } from '../provable.ts';
import { readerOf } from '../reader-of.ts';
import { ZipDirectory } from './zip-directory.ts';

/** How far in the first local header is sought, where nothing else says that this is a zip archive. */
const NEAR = 1 << 20;

/**
 * Entries of zip archives, and of all that is one inside, by their local headers: the directory at the end may be lost. An
 * entry is proved by its own CRC-32 and size (APPNOTE §4.4.7, §4.4.9); its name isn't covered by any sum.
 */
export const zipEntries: Finder = {
  suits(subject) {
    const { verifier, promised } = subject.examination.evidence.identity;
    if (verifier !== null) return verifier.id === 'zip' || isZipInside(verifier);
    if (promised.some(isZipInside)) return true;
    return readerOf(subject).indexOf(LOCAL, 0, Math.min(subject.source.size, NEAR)) >= 0;
  },

  find(subject, take) {
    const reader = readerOf(subject);
    const directory = new ZipDirectory(reader);
    directory.settle(headersIn(reader));
    let stored: Stored | null = null;
    for (const place of localHeaders(reader)) {
      const entry = readEntry(reader, place.at);
      if (stored !== null && place.at >= stored.end) stored = null;
      if (entry === null) stored ??= storedAt(reader, place.at);
      if (entry === null) continue;
      place.at = entry.end - 1;
      const folder = stored === null ? '' : `inside ${stored.name}/`;
      if (!offer(reader, entry, { directory, folder }, subject.options, take)) return;
    }
  },
};

/** Where local headers stand; what's between one and the place that it's moved to is passed over. */
function* localHeaders(reader: Reader): Generator<{ at: number }> {
  const place = { at: 0 };
  for (; ; place.at++) {
    reader.meter.step();
    place.at = reader.indexOf(LOCAL, place.at, reader.size);
    if (place.at < 0) return;
    yield place;
  }
}

/** Headers that tell all, as far as they can be read. */
function* headersIn(reader: Reader): Generator<{ name: string; header: LocalHeader; start: number }> {
  for (const { at } of localHeaders(reader)) {
    try {
      const header = readLocalHeader(reader, at);
      if (!isSizeUnknown(header)) yield { name: nameAt(reader, header.name), header, start: at };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
}

interface Entry {
  /** With the sizes and the sum that were found. */
  readonly local: LocalHeader;
  readonly end: number;
  readonly size: number;
  readonly content: ByteSource;
}

function isZipInside({ signatures }: KnownFormat): boolean {
  return signatures.some(({ hex }) => hex.toLowerCase().startsWith('504b0304'));
}

/** Null where nothing stands that proves itself. */
function readEntry(reader: Reader, start: number): Entry | null {
  try {
    const local = readLocalHeader(reader, start);
    if ((local.flags & ENCRYPTED) !== 0) return null;
    const header = isSizeUnknown(local) ? measure(reader, local) : local;
    const end = local.end + header.packedSize;
    if (end > reader.size) return null;
    const content = verifyContent(reader, new Ledger(reader.size), contentOf(header, local.end));
    return content === null ? null : { local: header, end, size: header.size, content };
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** An entry without compression that isn't proved: an archive in it has entries that are. */
interface Stored {
  readonly name: string;
  readonly end: number;
}

function storedAt(reader: Reader, start: number): Stored | null {
  try {
    const local = readLocalHeader(reader, start);
    if (local.method !== 0 || isSizeUnknown(local)) return null;
    return { name: nameAt(reader, local.name), end: local.end + local.packedSize };
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** What tells whose an entry is. */
interface Surroundings {
  readonly directory: ZipDirectory;
  /** The entry in which it stands, as a folder; empty where that's the archive. */
  readonly folder: string;
}

/** False where no more is wanted. Folders have no content, and are made with what's in them. */
function offer(
  reader: Reader,
  entry: Entry,
  around: Surroundings,
  options: Subject['options'],
  take: Take,
): boolean {
  const { local, end, size, content } = entry;
  const name = nameAt(reader, local.name);
  try {
    if (size === 0 || name.endsWith('/')) return true;
    // A checksum over ciphertext proves ciphertext: what the entry holds must not show any.
    if (isTainted(examine(content, { ...options, name: name.slice(name.lastIndexOf('/') + 1) }))) return true;
    const ranges = [{ start: local.start, end }];
    const path =
      around.folder === '' ? around.directory.pathOf(name, local, local.start) : around.folder + name;
    return take({
      kind: 'member',
      name: path,
      size,
      ranges,
      proof: 'CRC-32 of the content',
      floor: 1,
      source: content,
    });
  } finally {
    content.close();
  }
}

function isSizeUnknown({ flags, packedSize, sum }: LocalHeader): boolean {
  return (flags & HAS_DESCRIPTOR) !== 0 && packedSize === 0 && sum === 0;
}

/** Decodes to find out the sizes, which the descriptor behind has to confirm (APPNOTE §4.3.9). */
function measure(reader: Reader, local: LocalHeader): LocalHeader {
  const decoder = local.method === 0 ? undefined : methods[local.method]?.decoder;
  if (decoder === undefined) throw new Broken(local.start, 'size', 'one in the header', 'none');
  let sum = 0;
  const { consumed, produced } = decoder.decode(reader, local.end, reader.size, (output) => {
    sum = crc32(output, sum);
  });
  const entry = { ...local, sum, packedSize: consumed, size: produced };
  readDescriptor(reader, local.end + consumed, entry);
  return entry;
}
