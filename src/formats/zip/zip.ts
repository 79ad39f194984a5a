import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { Archive } from './archive.ts';
import { readDirectory, verifyEnd } from './directory.ts';
import { type EndRecord, findEndRecord } from './end-record.ts';
import { type Desk, nothingSealed, verifyEntry } from './entry.ts';
import { extensionsOfZip } from './extensions.ts';
import { verifyGaps } from './gaps.ts';
import { recogniseKind } from './kinds.ts';
import { proveLooseEntries } from './loose-entry.ts';

export const zip: Format = {
  id: 'zip',
  title: 'ZIP archive and its family',
  extensions: extensionsOfZip,
  signatures: [
    { at: 0, hex: '504b0304' },
    { at: 0, hex: '504b0506' },
    { at: 0, hex: '504b0708504b' },
    { at: 0, hex: '504b3030504b' },
  ],
  spec: 'PKWARE APPNOTE 6.3.10',
  proof:
    'CRC-32 of every entry, both copies of its header agree, entries and directory tile the file; entries are examined',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const directory = new Reader(reader.source, reader.meter);
    const desk = { reader, directory, ledger, context, sealed: nothingSealed };
    const end = findEnd(desk);
    if (end === null) {
      proveLooseEntries(desk, { start: 0, end: reader.size });
      return;
    }
    if (end.isSplit) {
      ledger.unexamined(0, reader.size, 'a part of an archive in several files');
      return;
    }
    verifyArchive(desk, end);
  },
};

function findEnd({ reader, ledger }: Desk): EndRecord | null {
  try {
    return findEndRecord(reader);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error);
    return null;
  }
}

function verifyArchive(bare: Desk, end: EndRecord): void {
  const { reader, directory, ledger, context } = bare;
  const headers = readDirectory(directory, ledger, end);
  verifyEnd(reader, ledger, end, headers.length);
  headers.sort((a, b) => a.localAt - b.localAt);
  const archive = new Archive(reader, directory, headers, end.shift);
  const recognised = recogniseKind(archive);
  if (recognised !== null) context.refine?.(recognised.format);
  const desk = { ...bare, sealed: recognised?.kind.sealed?.(archive) ?? nothingSealed };
  const taken = headers.map((header) => verifyEntry(desk, header, header.localAt + end.shift));
  verifyGaps(desk, [...taken, end.directory, ...end.zip64, end].sort(byStart), { start: 0, end: end.end });
  accountTail(reader, ledger, end.end);
  recognised?.kind.verify?.(archive, (what) => ledger.oddity(end.directory.start, what));
}

function byStart(a: Range, b: Range): number {
  return a.start - b.start;
}
