import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Lz4Blocks, MOST_LZ4_BLOCK } from '../../checks/lz4.ts';
import type { Pieces } from '../../checks/pieces.ts';
import { Sum, xxh32 } from '../../checks/sums.ts';

/** A frame that was decoded. */
export interface Lz4Frame extends Range {
  /** End of its header. */
  readonly blocks: number;
  readonly hasContentSum: boolean;
  readonly hasBlockSums: boolean;
}

interface Header {
  readonly end: number;
  readonly blocksStandAlone: boolean;
  readonly hasBlockSums: boolean;
  readonly hasContentSum: boolean;
  /** Bytes of output; null where the header doesn't say. */
  readonly size: number | null;
  /** Bytes of output of one block at most. */
  readonly blockSize: number;
}

export const LZ4_MAGIC = '\x04\x22\x4d\x18';
export const LEGACY_MAGIC = '\x02\x21\x4c\x18';
const blockSizes: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };

/** LZ4 Frame Format Description, Frame Descriptor. */
function readHeader(reader: Reader, start: number): Header {
  const flags = reader.u8(start + 4, 'LZ4 flags');
  const block = reader.u8(start + 5, 'LZ4 block size');
  if (flags >> 6 !== 1 || (flags & 2) !== 0) throw new Broken(start + 4, 'LZ4 flags', 'version 1', flags);
  const blockSize = blockSizes[block >> 4];
  if (blockSize === undefined || (block & 15) !== 0)
    throw new Broken(start + 5, 'LZ4 block size', '4 to 7', block);
  if ((flags & 1) !== 0) throw new OverBudget('LZ4 dictionary', 0);
  const hasSize = (flags & 8) !== 0;
  const sumAt = start + 6 + (hasSize ? 8 : 0);
  const stored = reader.u8(sumAt, 'LZ4 header checksum');
  const computed = (xxh32(reader.copy(start + 4, sumAt - start - 4)) >> 8) & 0xff;
  if (stored !== computed) throw new Broken(sumAt, 'LZ4 header checksum', stored, computed);
  return {
    end: sumAt + 1,
    blocksStandAlone: (flags & 0x20) !== 0,
    hasBlockSums: (flags & 0x10) !== 0,
    hasContentSum: (flags & 4) !== 0,
    size: hasSize ? reader.u64le(start + 6) : null,
    blockSize,
  };
}

/** Decodes one frame and compares all its sums. @throws Broken, Truncated, OverBudget */
export function* decodeLz4Frame(reader: Reader, start: number): Pieces<Lz4Frame> {
  const header = readHeader(reader, start);
  const { hasContentSum, hasBlockSums } = header;
  const sum = hasContentSum ? new Sum('xxh32') : null;
  const blocks = new Lz4Blocks();
  let produced = 0;
  let at = header.end;
  try {
    for (let word = reader.u32le(at, 'LZ4 block'); word !== 0; word = reader.u32le(at, 'LZ4 block')) {
      const output = decodeBlock(reader, blocks, header, at, word);
      reader.meter.produce(output.length);
      sum?.add(output);
      produced += output.length;
      yield output;
      at += 4 + (word & 0x7fffffff) + (hasBlockSums ? 4 : 0);
    }
  } finally {
    blocks.close();
  }
  if (header.size !== null && header.size !== produced)
    throw new Broken(start + 6, 'LZ4 content size', header.size, produced);
  at += 4;
  if (sum !== null) compareSum(reader, at, sum.digest().readUInt32LE(0), 'LZ4 content checksum');
  return { start, end: at + (sum === null ? 0 : 4), blocks: header.end, hasContentSum, hasBlockSums };
}

/** The highest bit of a block's length says that it's stored as it is. */
function decodeBlock(
  reader: Reader,
  blocks: Lz4Blocks,
  header: Header,
  at: number,
  word: number,
): Uint8Array {
  reader.meter.step();
  const length = (word & 0x7fffffff) >>> 0;
  if (length > header.blockSize)
    throw new Broken(at, 'LZ4 block length', `at most ${header.blockSize}`, length);
  const input = fill(reader, blocks, at + 4, length);
  if (header.hasBlockSums) compareSum(reader, at + 4 + length, xxh32(input), 'LZ4 block checksum');
  if (word >>> 31 === 1) return blocks.copy(length, !header.blocksStandAlone);
  return blocks.decode(length, header.blockSize, !header.blocksStandAlone, at);
}

function fill(reader: Reader, blocks: Lz4Blocks, start: number, length: number): Uint8Array {
  const input = blocks.input(length);
  let filled = 0;
  for (const part of reader.stream(start, start + length, 'LZ4 block')) {
    input.set(part, filled);
    filled += part.length;
  }
  return input;
}

function compareSum(reader: Reader, at: number, computed: number, what: string): void {
  const stored = reader.u32le(at, what);
  if (stored !== computed) throw new Broken(at, what, stored, computed);
}

/** Blocks up to 8 MiB until the end of the file or another frame. Gives its end. @throws Broken, Truncated */
export function* decodeLegacyFrame(reader: Reader, start: number): Pieces<number> {
  const blocks = new Lz4Blocks();
  const most = MOST_LZ4_BLOCK + MOST_LZ4_BLOCK / 255 + 16;
  let at = start + 4;
  try {
    while (at < reader.size && !reader.has(at, LZ4_MAGIC) && !reader.has(at, LEGACY_MAGIC)) {
      reader.meter.step();
      const length = reader.u32le(at, 'LZ4 block');
      if (length > most) return at;
      if (at + 4 + length > reader.size)
        throw new Truncated(reader.size, 'LZ4 block', at + 4 + length - reader.size);
      fill(reader, blocks, at + 4, length);
      const output = blocks.decode(length, MOST_LZ4_BLOCK, false, at);
      reader.meter.produce(output.length);
      yield output;
      at += 4 + length;
    }
  } finally {
    blocks.close();
  }
  return at;
}
