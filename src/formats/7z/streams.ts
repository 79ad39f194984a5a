import type { HeaderBytes } from './header-bytes.ts';

/** Ids of properties (7zFormat.txt, Property IDs). */
export const ids = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  substreams: 8,
  size: 9,
  digests: 10,
  folder: 11,
  codersUnpackSize: 12,
  streamsInFolder: 13,
  emptyStream: 14,
  names: 17,
  encodedHeader: 23,
} as const;

/** One step of unpacking. */
export interface Coder {
  /** In hexadecimal. */
  readonly id: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly properties: Uint8Array;
}

/** What is unpacked as a whole: coders, what connects them, and the streams that go in. */
export interface Folder {
  readonly coders: readonly Coder[];
  /** Input `in`, counted over all coders, is fed by output `out`. */
  readonly bonds: readonly { readonly in: number; readonly out: number }[];
  /** Inputs that packed streams feed, in order. */
  readonly packed: readonly number[];
  /** Bytes of each output. */
  sizes: readonly number[];
  digest: number | null;
}

/** A file's part of what a folder unpacks to. */
export interface Substream {
  readonly size: number;
  readonly digest: number | null;
}

export interface StreamsInfo {
  /** Offset in bytes from the end of the signature header. */
  readonly packAt: number;
  readonly packSizes: readonly number[];
  readonly packDigests: readonly (number | null)[];
  readonly folders: readonly Folder[];
  /** For each folder. */
  readonly substreams: readonly (readonly Substream[])[];
}

const MOST_CODERS = 32;
const MOST_STREAMS = 64;

/** 7zFormat.txt, Streams Info. @throws Broken, Truncated */
export function readStreamsInfo(header: HeaderBytes): StreamsInfo {
  let id = header.byte();
  let pack: Pick<StreamsInfo, 'packAt' | 'packSizes' | 'packDigests'> = {
    packAt: 0,
    packSizes: [],
    packDigests: [],
  };
  let folders: Folder[] = [];
  if (id === ids.packInfo) {
    pack = readPackInfo(header);
    id = header.byte();
  }
  if (id === ids.unpackInfo) {
    folders = readFolders(header);
    id = header.byte();
  }
  let substreams = folders.map((folder) => [{ size: unpackSize(folder), digest: folder.digest }]);
  if (id === ids.substreams) {
    substreams = readSubstreams(header, folders);
    id = header.byte();
  }
  if (id !== ids.end) throw header.broken('end of 7z streams info', ids.end, id);
  return { ...pack, folders, substreams };
}

function readPackInfo(header: HeaderBytes): Pick<StreamsInfo, 'packAt' | 'packSizes' | 'packDigests'> {
  const packAt = header.number('position of packed streams');
  const count = header.count('number of packed streams');
  let packSizes: number[] = [];
  let packDigests = new Array<number | null>(count).fill(null);
  for (let id = header.byte(); id !== ids.end; id = header.byte()) {
    if (id === ids.size) packSizes = Array.from({ length: count }, () => header.number('packed size'));
    else if (id === ids.digests) packDigests = readDigests(header, count);
    else throw header.broken('7z pack info', 'sizes or digests', id);
  }
  if (packSizes.length !== count) throw header.broken('packed sizes', count, packSizes.length);
  return { packAt, packSizes, packDigests };
}

function readDigests(header: HeaderBytes, count: number): (number | null)[] {
  return header.optionalBits(count).map((isGiven) => (isGiven ? header.u32('7z digest') : null));
}

function readFolders(header: HeaderBytes): Folder[] {
  expectId(header, ids.folder, '7z folders');
  const count = header.count('number of folders');
  expectInside(header);
  const folders = Array.from({ length: count }, () => readFolder(header));
  expectId(header, ids.codersUnpackSize, 'unpacked sizes');
  for (const folder of folders) {
    const outputs = folder.coders.reduce((sum, coder) => sum + coder.outputs, 0);
    folder.sizes = Array.from({ length: outputs }, () => header.number('unpacked size'));
  }
  for (let id = header.byte(); id !== ids.end; id = header.byte()) {
    if (id !== ids.digests) throw header.broken('7z unpack info', 'digests', id);
    for (const [i, digest] of readDigests(header, count).entries()) folders[i]!.digest = digest;
  }
  return folders;
}

function readFolder(header: HeaderBytes): Folder {
  const count = header.number('number of coders');
  if (count < 1 || count > MOST_CODERS) throw header.broken('number of coders', `1 to ${MOST_CODERS}`, count);
  const coders = Array.from({ length: count }, () => readCoder(header));
  const inputs = coders.reduce((sum, coder) => sum + coder.inputs, 0);
  const outputs = coders.reduce((sum, coder) => sum + coder.outputs, 0);
  if (inputs > MOST_STREAMS || outputs > MOST_STREAMS || inputs < outputs - 1) {
    throw header.broken('streams of a folder', `at most ${MOST_STREAMS}`, `${inputs} and ${outputs}`);
  }
  const bonds = Array.from({ length: outputs - 1 }, () => ({
    in: header.number('bound input'),
    out: header.number('bound output'),
  }));
  const isFree = (input: number): boolean => bonds.every((bond) => bond.in !== input);
  const free = Array.from({ length: inputs }, (_, i) => i).filter(isFree);
  const packed = free.length === 1 ? free : free.map(() => header.number('packed stream of a folder'));
  return { coders, bonds, packed, sizes: [], digest: null };
}

function readCoder(header: HeaderBytes): Coder {
  const flags = header.byte('7z coder');
  if ((flags & 0xc0) !== 0) throw header.broken('flags of a 7z coder', 'no reserved bits', flags);
  const id = Buffer.from(header.take(flags & 15, 'id of a 7z coder')).toString('hex');
  const isComplex = (flags & 0x10) !== 0;
  const inputs = isComplex ? header.number('inputs of a coder') : 1;
  const outputs = isComplex ? header.number('outputs of a coder') : 1;
  const length = (flags & 0x20) !== 0 ? header.number('properties of a coder') : 0;
  return { id, inputs, outputs, properties: header.take(length, 'properties of a coder').slice() };
}

function readSubstreams(header: HeaderBytes, folders: readonly Folder[]): Substream[][] {
  let counts = folders.map(() => 1);
  let id = header.byte();
  if (id === ids.streamsInFolder) {
    counts = folders.map(() => header.number('files of a folder'));
    id = header.byte();
  }
  const sizes = readSubstreamSizes(header, folders, counts, id === ids.size);
  if (id === ids.size) id = header.byte();
  const known = folders.map((folder, i) => (counts[i] === 1 ? folder.digest : null));
  const digests = folders.map((_, i) => sizes[i]!.map(() => known[i] ?? null));
  for (; id !== ids.end; id = header.byte()) {
    if (id !== ids.digests) throw header.broken('7z substreams', 'digests', id);
    const open = digests.flatMap((list, i) => (known[i] === null ? list.map((_, j) => [i, j] as const) : []));
    for (const [n, digest] of readDigests(header, open.length).entries()) {
      const [i, j] = open[n]!;
      digests[i]![j] = digest;
    }
  }
  return sizes.map((list, i) => list.map((size, j) => ({ size, digest: digests[i]![j] ?? null })));
}

/** The last size of each folder is what is left of it. */
function readSubstreamSizes(
  header: HeaderBytes,
  folders: readonly Folder[],
  counts: readonly number[],
  areGiven: boolean,
): number[][] {
  return folders.map((folder, i) => {
    const count = counts[i]!;
    if (count === 0) return [];
    if (count > 1 && (!areGiven || count > header.left))
      throw header.broken('sizes of files', count, header.left);
    const sizes = Array.from({ length: count - 1 }, () => header.number('size of a file'));
    const rest = sizes.reduce((left, size) => left - size, unpackSize(folder));
    if (rest < 0) throw header.broken('sizes of files', 'no more than their folder');
    return [...sizes, rest];
  });
}

/** Bytes of the one output that feeds no coder. */
export function unpackSize(folder: Folder): number {
  return folder.sizes[mainOutput(folder)] ?? 0;
}

export function mainOutput({ sizes, bonds }: Folder): number {
  const bound = new Set(bonds.map((bond) => bond.out));
  return Math.max(
    0,
    sizes.findIndex((_, i) => !bound.has(i)),
  );
}

function expectId(header: HeaderBytes, id: number, what: string): void {
  const found = header.byte(what);
  if (found !== id) throw header.broken(what, id, found);
}

/** Parts of the header may stand in streams of their own; no writer puts them there. */
export function expectInside(header: HeaderBytes): void {
  const external = header.byte();
  if (external !== 0) throw header.broken('place of a part of the 7z header', 0, external);
}
