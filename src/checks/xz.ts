import { createHash } from 'node:crypto';
import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { type BranchFilter, unfilterBranches, unfilterDelta } from './branch-filters.ts';
import { crc32 } from './crc32.ts';
import { decodeLzma2, lzma2Dictionary } from './lzma.ts';
import { type Packed, type Pieces, watched } from './pieces.ts';
import type { Run } from './stream-engine.ts';
import { Sum } from './sums.ts';
import {
  checkSizes,
  compareSum,
  expectZeros,
  readBlockHeader,
  readFooter,
  readStreamHeader,
  readVarint,
  type XzBlockHeader,
} from './xz-layout.ts';

/** A part of a stream that was verified. */
export interface XzPart extends Range {
  readonly kind: 'header' | 'block' | 'index' | 'footer';
  /** For blocks: what sums its content up; null where nothing known does. */
  readonly check: string | null;
  /** Chunks without compression. */
  readonly stored: readonly Range[];
}

export interface XzStream {
  readonly consumed: number;
  readonly produced: number;
}

/** The sizes that the index must repeat (The .xz File Format §4.3). */
interface Record {
  readonly unpadded: number;
  readonly size: number;
}

/** A sum over the content of a block; `digest` as it stands in the file. */
interface Check {
  readonly name: string;
  add(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/**
 * Decodes one stream (The .xz File Format 1.2.1 §2) and verifies all of it: flags, block headers, padding, checks, index
 * and footer. Each part that holds goes to `tell` as soon as it is known to.
 * @throws Broken, Truncated, OverBudget
 */
export function* decodeXz(
  { reader, start, end }: Packed,
  tell: (part: XzPart) => void = () => {},
): Pieces<XzStream> {
  const type = readStreamHeader(reader, start);
  tell({ kind: 'header', start, end: start + 12, check: null, stored: [] });
  const records: Record[] = [];
  let produced = 0;
  let at = start + 12;
  while (reader.u8(at, 'xz block or index') !== 0) {
    reader.meter.step();
    const record: Record = yield* decodeBlock({ reader, start: at, end }, type, tell);
    at += Math.ceil(record.unpadded / 4) * 4;
    produced += record.size;
    records.push(record);
    if (records.length > MOST_BLOCKS) throw new OverBudget('blocks of an xz stream', MOST_BLOCKS);
  }
  const indexEnd = verifyIndex(reader, at, records);
  tell({ kind: 'index', start: at, end: indexEnd, check: null, stored: [] });
  const promised = readFooter(reader, indexEnd, type);
  if (promised !== indexEnd - at)
    throw new Broken(indexEnd + 4, 'size of the xz index', indexEnd - at, promised);
  tell({ kind: 'footer', start: indexEnd, end: indexEnd + 12, check: null, stored: [] });
  return { consumed: indexEnd + 12 - start, produced };
}

const MOST_BLOCKS = 4_000_000;

function* decodeBlock(packed: Packed, type: number, tell: (part: XzPart) => void): Pieces<Record> {
  const { reader, start } = packed;
  const header = readBlockHeader(reader, start);
  const check = checks[type]?.() ?? null;
  const data = { ...packed, start: start + header.length };
  let size = 0;
  const run = yield* watched(unfilter(data, header), (piece) => {
    size += piece.length;
    check?.add(piece);
  });
  expectSize(start, 'packed size of an xz block', header.packedSize, run.consumed);
  expectSize(start, 'size of an xz block', header.size, size);
  const unpadded = header.length + run.consumed;
  const padded = Math.ceil(unpadded / 4) * 4;
  expectZeros(reader, start + unpadded, start + padded, 'padding of an xz block');
  if (check !== null) compareCheck(reader, start + padded, check);
  const checkSize = checkSizes[type] ?? 0;
  const end = start + padded + checkSize;
  reader.bytes(start + padded, checkSize, 'check of an xz block');
  // What a check of unknown type says stays unaccounted.
  const provedEnd = check === null ? start + padded : end;
  tell({ kind: 'block', start, end: provedEnd, check: check?.name ?? null, stored: run.stored });
  return { unpadded: unpadded + checkSize, size };
}

function expectSize(at: number, what: string, promised: number | null, found: number): void {
  if (promised !== null && promised !== found) throw new Broken(at, what, promised, found);
}

function compareCheck(reader: Reader, at: number, check: Check): void {
  const computed = Buffer.from(check.digest());
  const stored = Buffer.from(reader.copy(at, computed.length, `${check.name} of an xz block`));
  if (stored.equals(computed)) return;
  throw new Broken(at, `${check.name} of an xz block`, stored.toString('hex'), computed.toString('hex'));
}

/** §5.3.2: ids of the branch filters. RISC-V (11) is still missing. */
const branchFilterIds: Readonly<{ [id: number]: BranchFilter }> = {
  4: 'x86',
  5: 'powerPc',
  6: 'itanium',
  7: 'arm',
  8: 'armThumb',
  9: 'sparc',
  10: 'arm64',
};

const LZMA2 = 0x21;
const DELTA = 3;

/** The last filter packs; those before it are undone in turn, last to first. */
function unfilter({ reader, start, end }: Packed, header: XzBlockHeader): Pieces<Run> {
  const last = header.filters.at(-1)!;
  if (last.id !== LZMA2) throw unknownFilter(last.id);
  const dictionary = lzma2Dictionary(reader.u8(last.start));
  if (last.end - last.start !== 1 || dictionary === null) {
    throw new Broken(last.start, 'LZMA2 properties', 'a size of its dictionary');
  }
  const dataEnd = header.packedSize === null ? end : Math.min(end, start + header.packedSize);
  let pieces = decodeLzma2({ reader, start, end: dataEnd }, dictionary, header.size);
  for (const filter of header.filters.slice(0, -1).reverse()) {
    const branches = branchFilterIds[filter.id];
    if (filter.id === DELTA) pieces = unfilterDelta(pieces, reader.u8(filter.start) + 1);
    else if (branches === undefined) throw unknownFilter(filter.id);
    else {
      const position = filter.end - filter.start === 4 ? reader.u32le(filter.start) : 0;
      pieces = unfilterBranches(branches, pieces, position);
    }
  }
  return pieces;
}

function unknownFilter(id: number): OverBudget {
  return new OverBudget(`xz filter ${id} is not known`, 0);
}

/** Makers of the checks, by type (§2.1.1.2). */
const checks: Readonly<{ [type: number]: () => Check }> = {
  1: () => {
    let sum = 0;
    return {
      name: 'CRC-32',
      add: (bytes) => {
        sum = crc32(bytes, sum);
      },
      digest: () => Uint8Array.of(sum, sum >>> 8, sum >>> 16, sum >>> 24),
    };
  },
  4: () => {
    const sum = new Sum('crc64');
    return { name: 'CRC-64', add: (bytes) => sum.add(bytes), digest: () => sum.digest() };
  },
  10: () => {
    const hash = createHash('sha256');
    return { name: 'SHA-256', add: (bytes) => hash.update(bytes), digest: () => hash.digest() };
  },
};

/** §4. Gives its end. */
function verifyIndex(reader: Reader, start: number, records: readonly Record[]): number {
  let at = start + 1;
  const next = (what: string, expected: number): void => {
    const { value, end } = readVarint(reader, at);
    if (value !== expected) throw new Broken(at, what, expected, value);
    at = end;
  };
  next('number of xz blocks', records.length);
  for (const { unpadded, size } of records) {
    reader.meter.step();
    next('unpadded size in the xz index', unpadded);
    next('size in the xz index', size);
  }
  const padded = start + Math.ceil((at - start) / 4) * 4;
  expectZeros(reader, at, padded, 'padding of the xz index');
  compareSum(reader, start, padded, 'CRC-32 of the xz index');
  return padded + 4;
}
