import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { drain } from '../../checks/pieces.ts';
import { AES } from './coders.ts';
import { type ArchivedFile, readFiles } from './files.ts';
import { unpackFolder } from './folder.ts';
import { HeaderBytes } from './header-bytes.ts';
import { type Folder, ids, readStreamsInfo, type StreamsInfo, unpackSize } from './streams.ts';

export const SIGNATURE_HEADER = 32;

/** What the archive holds. */
export interface Contents {
  readonly streams: StreamsInfo;
  readonly files: readonly ArchivedFile[];
}

/** A header that its owner encrypted with the names in it. */
export interface SealedHeader {
  readonly folder: Folder;
  readonly packed: readonly Range[];
}

const MOST_HEADER = 64 << 20;
const MOST_WRAPPINGS = 4;

/** Where the header stands; its CRC-32 and that of the signature header hold. Null: the archive is empty. */
export function locateHeader(reader: Reader): (Range & { readonly bytes: Uint8Array }) | null {
  const start = SIGNATURE_HEADER + reader.u64le(12, 'offset of the 7z header');
  const size = reader.u64le(20, 'size of the 7z header');
  expectSum('CRC-32 of the 7z start header', 8, reader.u32le(8), crc32(reader.bytes(12, 20)));
  if (size === 0) return null;
  if (start + size > reader.size) throw new Truncated(reader.size, '7z header', start + size - reader.size);
  if (size > MOST_HEADER) throw new OverBudget('bytes of a 7z header', MOST_HEADER);
  const bytes = Buffer.concat(
    Array.from(reader.stream(start, start + size, '7z header'), (part) => Buffer.from(part)),
  );
  expectSum('CRC-32 of the 7z header', start, reader.u32le(28), crc32(bytes));
  return { start, end: start + size, bytes };
}

/**
 * Reads the header, which may be packed itself, and then again. `tell` hears of its packed streams, once they hold.
 * @throws Broken, Truncated, OverBudget
 */
export function readContents(
  reader: Reader,
  start: number,
  bytes: Uint8Array,
  tell: (packed: Range) => void,
): Contents | SealedHeader {
  let header = new HeaderBytes(bytes, start);
  let id = header.byte();
  for (let i = 0; id === ids.encodedHeader; i++) {
    if (i >= MOST_WRAPPINGS) throw header.broken('7z header', 'one that is packed once');
    const streams = readStreamsInfo(header);
    const folder = streams.folders[0];
    if (folder === undefined) throw header.broken('packed 7z header', 'a folder', 'none');
    const packed = packedRanges(reader, streams)[0] ?? [];
    if (folder.coders.some((coder) => coder.id === AES)) return { folder, packed };
    header = new HeaderBytes(unpackHeader(reader, folder, packed), packed[0]?.start ?? start);
    for (const range of packed) tell(range);
    id = header.byte();
  }
  if (id !== ids.header) throw header.broken('7z header', ids.header, id);
  return readPlainHeader(header);
}

function unpackHeader(reader: Reader, folder: Folder, packed: readonly Range[]): Uint8Array {
  const size = unpackSize(folder);
  const at = packed[0]?.start ?? 0;
  if (size > MOST_HEADER) throw new OverBudget('bytes of a 7z header', MOST_HEADER);
  const parts: Uint8Array[] = [];
  let length = 0;
  drain(unpackFolder(reader, folder, packed), (piece) => {
    parts.push(piece.slice());
    length += piece.length;
    if (length > size) throw new Broken(at, 'size of the 7z header', size, length);
  });
  const bytes = Buffer.concat(parts);
  if (length !== size) throw new Broken(at, 'size of the 7z header', size, length);
  if (folder.digest !== null) expectSum('CRC-32 of the unpacked 7z header', at, folder.digest, crc32(bytes));
  return bytes;
}

/** 7zFormat.txt, Header. */
function readPlainHeader(header: HeaderBytes): Contents {
  let streams: StreamsInfo = { packAt: 0, packSizes: [], packDigests: [], folders: [], substreams: [] };
  let files: ArchivedFile[] = [];
  for (let id = header.byte(); id !== ids.end; id = header.byte()) {
    if (id === ids.archiveProperties) skipProperties(header);
    else if (id === ids.additionalStreams) readStreamsInfo(header);
    else if (id === ids.mainStreams) streams = readStreamsInfo(header);
    else if (id === ids.files) files = readFiles(header);
    else throw header.broken('part of the 7z header', 'a known one', id);
  }
  return { streams, files };
}

function skipProperties(header: HeaderBytes): void {
  while (header.byte() !== ids.end) header.take(header.number('size of an archive property'));
}

/** For each folder, where its packed streams stand: one behind the other. @throws Broken, Truncated */
export function packedRanges(reader: Reader, { packAt, packSizes, folders }: StreamsInfo): Range[][] {
  let at = SIGNATURE_HEADER + packAt;
  let next = 0;
  return folders.map((folder) =>
    folder.packed.map(() => {
      const size = packSizes[next++];
      if (size === undefined)
        throw new Broken(at, 'packed streams of a 7z folder', 'a size for each', 'none');
      const start = at;
      at += size;
      if (at > reader.size) throw new Truncated(reader.size, '7z packed stream', at - reader.size);
      return { start, end: at };
    }),
  );
}

export function expectSum(what: string, at: number, stored: number, computed: number): void {
  if (stored !== computed) throw new Broken(at, what, stored, computed);
}
