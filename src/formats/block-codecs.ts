import zlib from 'node:zlib';
import { Broken } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import type { Range } from '../bytes/range.ts';
import { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import { crc32 } from '../checks/crc32.ts';
import { inflate } from '../checks/inflate.ts';
import { Lz4Blocks, MOST_LZ4_BLOCK } from '../checks/lz4.ts';
import { decodeLzo } from '../checks/lzo.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../checks/overwrite-trials.ts';
import { drain } from '../checks/pieces.ts';
import { decodeSnappy } from '../checks/snappy.ts';
import { decodeZstdFrame } from '../checks/zstd.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { decodeLz4Frame } from './lz4/frame.ts';
import { accountDecoded, LONG_RUN } from './stored-parts.ts';

/** A block of a column store, unpacked. */
export interface Unpacked {
  readonly content: Uint8Array;
  /** Whether a checksum of the codec's own covers the content. */
  readonly isSummed: boolean;
  /** Where the packed bytes, counted from their start, stand for themselves. */
  readonly stored: readonly Range[];
}

/**
 * Unpacks a block that fills its bytes to the last, into at most `most` bytes.
 * @throws Broken, Truncated, OverBudget; their offsets count from the start of the block
 */
export type BlockCodec = (packed: Uint8Array, most: number, meter: Meter) => Unpacked;

/** How column stores pack their blocks: ORC, Parquet, Arrow. */
export const blockCodecs = {
  deflate: unpackDeflate,
  gzip: unpackGzip,
  snappy: (packed, most, meter) => unsummed(decodeSnappy(packed, 0, most), meter),
  lz4: unpackLz4,
  lz4Frame: unpackLz4Frame,
  lzo: unpackLzo,
  zstd: unpackZstd,
  brotli: unpackBrotli,
} as const satisfies Readonly<Record<string, BlockCodec>>;

/** Longer blocks aren't unpacked, in bytes. */
export const MOST_BLOCK = 32 << 20;
/** Blocks up to here lie between fields that notice, and need no trials; longer ones than the most get none. In bytes. */
const LEAST_TRIED = 2048;
const MOST_TRIED = 1 << 17;
const MOST_TRIED_CONTENT = 1 << 20;

/**
 * Accounts for a packed block by the codec's own sum, or by decoding: then trial overwrites show how much that notices.
 * @param passes whether another block would pass in its place
 */
export function accountBlock(
  ledger: Ledger,
  { start, end }: Range,
  { content, isSummed, stored }: Unpacked,
  packed: Uint8Array,
  passes: (tried: Uint8Array) => boolean,
): void {
  if (isSummed) {
    ledger.account(start, end, 'checksum', 'sum of a packed block');
    return;
  }
  const isTried =
    packed.length > LEAST_TRIED && packed.length <= MOST_TRIED && content.length <= MOST_TRIED_CONTENT;
  if (isTried && noticesOverwrites(packed, passes)) {
    ledger.account(start, end, 'decoder', 'packed block', TRIED_FLOOR);
    return;
  }
  const ranges = stored.map((part) => ({ start: start + part.start, end: start + part.end }));
  accountDecoded(ledger, { start, end }, ranges, 'packed block', LONG_RUN);
}

/** Gives what contradicts in a block its place in the file. @throws Broken */
export function unpackAt<T>(start: number, unpack: () => T): T {
  try {
    return unpack();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken(start + error.at, error.what, error.expected, error.actual);
  }
}

/** Whether `check` finds nothing to contradict. */
export function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

function unsummed(content: Uint8Array, meter: Meter): Unpacked {
  meter.produce(content.length);
  return { content, isSummed: false, stored: [] };
}

/** Collects pieces, of `most` bytes together at the most. */
class Parts {
  readonly #parts: Uint8Array[] = [];
  readonly #most: number;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  readonly add = (part: Uint8Array): void => {
    this.#length += part.length;
    if (this.#length > this.#most)
      throw new Broken(0, 'length of an unpacked block', `at most ${this.#most}`, this.#length);
    this.#parts.push(part.slice());
  };

  whole(): Uint8Array {
    return this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
  }
}

function expectEnd(consumed: number, packed: Uint8Array): void {
  if (consumed !== packed.length)
    throw new Broken(consumed, 'end of a packed block', packed.length, consumed);
}

function unpackDeflate(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const parts = new Parts(most);
  const { consumed, stored } = inflate(readerOf(packed, meter), 0, packed.length, parts.add);
  expectEnd(consumed, packed);
  return { content: parts.whole(), isSummed: false, stored };
}

/** Members of RFC 1952 without names and comments, as these writers make them. */
function unpackGzip(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const reader = readerOf(packed, meter);
  const parts = new Parts(most);
  for (let at = 0; at < packed.length; ) {
    reader.expect(at, '\x1f\x8b\x08\0', 'header of a gzip block');
    let computed = 0;
    const { consumed } = inflate(reader, at + 10, packed.length, (part) => {
      computed = crc32(part, computed);
      parts.add(part);
    });
    const sumAt = at + 10 + consumed;
    const stored = reader.u32le(sumAt, 'CRC-32 of a gzip block');
    if (stored !== computed) throw new Broken(sumAt, 'CRC-32 of a gzip block', stored, computed);
    at = sumAt + 8;
  }
  return { content: parts.whole(), isSummed: true, stored: [] };
}

function unpackLz4(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const blocks = new Lz4Blocks();
  try {
    blocks.input(packed.length).set(packed);
    const output = blocks.decode(packed.length, Math.min(most, MOST_LZ4_BLOCK), false, 0);
    return unsummed(output.slice(), meter);
  } finally {
    blocks.close();
  }
}

function unpackLz4Frame(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const parts = new Parts(most);
  const frame = drain(decodeLz4Frame(readerOf(packed, meter), 0), parts.add)!;
  expectEnd(frame.end, packed);
  return { content: parts.whole(), isSummed: frame.hasContentSum || frame.hasBlockSums, stored: [] };
}

/** The decoder wants to know the length, which here is the most. */
function unpackLzo(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const content = new Uint8Array(most);
  decodeLzo(packed, content, 0);
  return unsummed(content, meter);
}

function unpackZstd(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  const parts = new Parts(most);
  const frame = drain(
    decodeZstdFrame({ reader: readerOf(packed, meter), start: 0, end: packed.length }),
    parts.add,
  )!;
  expectEnd(frame.consumed, packed);
  return { content: parts.whole(), isSummed: frame.header.hasChecksum, stored: frame.stored };
}

function unpackBrotli(packed: Uint8Array, most: number, meter: Meter): Unpacked {
  try {
    const options = { info: true, maxOutputLength: Math.max(1, most) };
    const unpacked = zlib.brotliDecompressSync(packed, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    expectEnd(unpacked.engine.bytesWritten, packed);
    return unsummed(unpacked.buffer, meter);
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken(0, 'Brotli block', 'RFC 7932', 'another stream');
  }
}

function readerOf(packed: Uint8Array, meter: Meter): Reader {
  return new Reader(new BufferSource(packed), meter);
}
