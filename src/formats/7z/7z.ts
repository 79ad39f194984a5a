import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { AES } from './coders.ts';
import { type ContentPlace, verifyFolder } from './content.ts';
import type { ArchivedFile, NamedStream } from './files.ts';
import { locateHeader, packedRanges, readContents, SIGNATURE_HEADER } from './header.ts';
import type { Folder, Substream } from './streams.ts';

export const sevenZip: Format = {
  id: '7z',
  title: '7-Zip archive',
  extensions: ['7z'],
  signatures: [{ at: 0, hex: '377abcaf271c' }],
  spec: '7zFormat.txt (LZMA SDK)',
  proof:
    'CRC-32 of both headers and of every file; packed streams and headers tile the archive; files are examined',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(0, '7z\xbc\xaf\x27\x1c', '7z signature');
    const header = locateHeader(reader);
    accountStart(reader, ledger);
    accountTail(reader, ledger, header?.end ?? SIGNATURE_HEADER);
    if (header === null) return;
    ledger.account(header.start, header.end, 'checksum', 'CRC-32 of the header');
    const contents = readContents(reader, header.start, header.bytes, ({ start, end }) =>
      ledger.account(start, end, 'checksum', 'CRC-32 of the packed header'),
    );
    if ('folder' in contents) sealAll(ledger, contents.folder, contents.packed);
    else {
      const { streams, files } = contents;
      verifyFolders(
        { reader, ledger, context },
        streams.folders,
        packedRanges(reader, streams),
        namesOf(files, streams.substreams),
      );
    }
  },
};

/** The minor version alone stands outside of the sums. */
function accountStart(reader: Reader, ledger: Ledger): void {
  ledger.account(0, 7, 'structure', '7z signature and version');
  if (reader.u8(7) <= 4) ledger.account(7, 8, 'structure', '7z minor version');
  ledger.account(8, SIGNATURE_HEADER, 'checksum', 'CRC-32 of the start header');
}

/** Files that have bytes take the substreams in order. */
function namesOf(
  files: readonly ArchivedFile[],
  substreams: readonly (readonly Substream[])[],
): NamedStream[][] {
  const names = files.filter(({ hasStream }) => hasStream).map(({ name }) => name);
  let next = 0;
  return substreams.map((list) => list.map((one) => ({ ...one, name: names[next++] ?? '' })));
}

function verifyFolders(
  place: ContentPlace,
  folders: readonly Folder[],
  packed: readonly Range[][],
  streams: readonly NamedStream[][],
): void {
  for (const [i, folder] of folders.entries()) {
    place.reader.meter.step();
    const ranges = packed[i]!;
    if (folder.coders.some(({ id }) => id === AES)) seal(place.ledger, folder, ranges);
    else tryFolder(place, folder, ranges, streams[i]!);
  }
}

/** A folder that fails leaves the others as they are. */
function tryFolder(
  place: ContentPlace,
  folder: Folder,
  packed: readonly Range[],
  streams: readonly NamedStream[],
): void {
  const { ledger } = place;
  const start = packed[0]?.start ?? 0;
  const end = packed.at(-1)?.end ?? 0;
  try {
    verifyFolder(place, folder, packed, streams);
  } catch (error) {
    if (error instanceof Broken)
      ledger.broken(new Broken(start, error.what, error.expected, error.actual), end);
    else if (error instanceof OverBudget && /coder|dictionary|window/.test(error.limit)) {
      ledger.coded(start, end, error.limit);
      ledger.unexamined(start, end, error.limit);
    } else throw error;
  }
}

/** 7zAES.cpp: the lower six bits of the first property are the power of two of SHA-256 rounds. */
function seal(ledger: Ledger, folder: Folder, packed: readonly Range[]): void {
  const rounds = (folder.coders.find(({ id }) => id === AES)?.properties[0] ?? 0) & 63;
  for (const { start, end } of packed) {
    if ((end - start) % 16 !== 0)
      throw new Broken(start, 'length of AES ciphertext', 'a multiple of 16', end - start);
    ledger.protect(start, end, '7z AES-256', `256 bits, 2^${rounds} rounds of SHA-256`);
  }
}

/** With its header encrypted, all that stands before it is. */
function sealAll(ledger: Ledger, folder: Folder, packed: readonly Range[]): void {
  seal(ledger, folder, packed);
  const start = packed[0]?.start ?? SIGNATURE_HEADER;
  if (start > SIGNATURE_HEADER) seal(ledger, folder, [{ start: SIGNATURE_HEADER, end: start }]);
}
