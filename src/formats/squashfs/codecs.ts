import zlib from 'node:zlib';
import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Lz4Blocks } from '../../checks/lz4.ts';
import { decodeLzma } from '../../checks/lzma.ts';
import { drain, type Pieces } from '../../checks/pieces.ts';
import { decodeXz } from '../../checks/xz.ts';
import { decodeZstdFrame } from '../../checks/zstd.ts';
import type { Proof } from '../../ledger/terms.ts';
import { LONG_RUN } from '../stored-parts.ts';

/** How the blocks of an image are packed. */
export interface SquashCodec {
  readonly title: string;
  readonly proof: Proof;
  /** The shortest random run that is noticed in a packed block, in bytes. */
  readonly floor: number;
  /** Unpacks a block to at most `most` bytes. @throws Broken, OverBudget */
  readonly unpack: (reader: Reader, block: Range, most: number) => Uint8Array;
}

/** By the superblock's number (Squashfs Binary Format 4.0 §2.1); LZO, 3, is missing, as it doesn't tell its length. */
export const codecs: Readonly<Record<number, SquashCodec>> = {
  1: { title: 'zlib, Adler-32', proof: 'checksum', floor: 1, unpack: inflate },
  2: {
    title: 'LZMA',
    proof: 'decoder',
    floor: LONG_RUN,
    unpack: (reader, block, most) => collect(block, most, decodeLzmaAlone(reader, block)),
  },
  4: {
    title: 'xz, CRC-32',
    proof: 'checksum',
    floor: 1,
    unpack: (reader, block, most) => collect(block, most, decodeXz({ reader, ...block })),
  },
  5: { title: 'LZ4', proof: 'decoder', floor: LONG_RUN, unpack: decodeLz4 },
  6: {
    title: 'Zstandard',
    proof: 'decoder',
    floor: LONG_RUN,
    unpack: (reader, block, most) => collect(block, most, decodeZstdFrame({ reader, ...block })),
  },
};

function inflate(reader: Reader, { start, end }: Range, most: number): Uint8Array {
  const packed = reader.bytes(start, end - start, 'packed block');
  try {
    const output = zlib.inflateSync(packed, { maxOutputLength: most });
    reader.meter.produce(output.length);
    return output;
  } catch (error) {
    throw new Broken(start, 'packed block', 'a zlib stream', error instanceof Error ? error.message : 'none');
  }
}

/** The header of lzma-alone: properties, dictionary, length (7-Zip, lzma.txt). */
function decodeLzmaAlone(reader: Reader, { start, end }: Range): Pieces {
  const isUnknown = reader.u32le(start + 5, 'LZMA header') === 0xffffffff;
  const size = isUnknown ? null : reader.u64le(start + 5);
  const options = { properties: reader.u8(start), dictionary: reader.u32le(start + 1), size };
  return decodeLzma({ reader, start: start + 13, end }, options);
}

function decodeLz4(reader: Reader, { start, end }: Range, most: number): Uint8Array {
  const length = end - start;
  const blocks = new Lz4Blocks();
  try {
    blocks.input(length).set(reader.bytes(start, length, 'packed block'));
    const output = blocks.decode(length, most, false, start).slice();
    reader.meter.produce(output.length);
    return output;
  } finally {
    blocks.close();
  }
}

function collect({ start }: Range, most: number, pieces: Pieces): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  drain(pieces, (piece) => {
    length += piece.length;
    if (length > most) throw new Broken(start, 'length of an unpacked block', `at most ${most}`, length);
    parts.push(piece.slice());
  });
  return Buffer.concat(parts);
}
