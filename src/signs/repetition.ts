import type { Range } from '../bytes/range.ts';
import { chiSquareOf, limitsFor } from '../kernel/uniform.ts';

/** Equal blocks in bytes that are random otherwise: a block cipher without chaining (ECB), or one key stream used again. */
export interface Repetition extends Range {
  /** In bytes: 8 (DES, Blowfish) or 16 (AES). */
  readonly blockSize: 8 | 16;
  /** Offset of the first block modulo the block size. */
  readonly phase: number;
  /** Whole blocks, and how many of them equal an earlier one. */
  readonly blocks: number;
  readonly repeated: number;
  /** X² against uniform of the different blocks, each counted once. */
  readonly chiSquare: number;
  /** The block that is most frequent, how often it stands here, and where first. */
  readonly commonest: { readonly block: Uint8Array; readonly times: number; readonly at: number };
  /** ln of the odds against so many repeats among random blocks. */
  readonly logLikelihood: number;
}

/** Most bytes that are looked at, from the start. */
const MOST_BYTES = 1 << 20;
const LEAST_BLOCKS = 64;
/** Below, chi-square says nothing. */
const FEWEST_BYTES = 64;
/** Different blocks must be random together, but for this probability on either side. */
const UNIFORM_P = 1e-6;

/**
 * Looks for equal blocks at every phase. Random data of m blocks of b bits has a repeat with probability m²/2^(b+1):
 * for 1 MiB less than 10⁻⁹ for 8 bytes, 10⁻²⁸ for 16. What repeats in plain data is told from this by the different
 * blocks, which are not random together.
 * @param position offset of the first byte in the file
 */
export function findRepetition(bytes: Uint8Array, position = 0): Repetition | null {
  const part = bytes.subarray(0, MOST_BYTES);
  for (const blockSize of [16, 8] as const) {
    const found = Array.from({ length: blockSize }, (_, skipped) => countBlocks(part, skipped, blockSize))
      .filter((tally) => tally !== null)
      .map((tally) => describe(tally, position))
      .filter(({ commonest }) => looksRandom(commonest.block));
    const best = found.sort((a, b) => b.repeated - a.repeated)[0];
    if (best !== undefined) return best;
  }
  return null;
}

/** Of 8 random bytes 6 differ, of 16 at least 12, but for about 10⁻⁵; headers and fills that repeat have fewer. */
export function looksRandom(block: Uint8Array): boolean {
  return new Set(block).size >= block.length * 0.75;
}

interface Tally {
  readonly blockSize: 8 | 16;
  readonly start: number;
  readonly blocks: number;
  /** Offsets of the different blocks, in a table by hash; −1 where free. */
  readonly table: Int32Array;
  readonly times: Uint32Array;
  readonly repeated: number;
  readonly bytes: Uint8Array;
}

/** Null where nothing repeats, or where the different blocks don't pass for random. */
function countBlocks(bytes: Uint8Array, start: number, blockSize: 8 | 16): Tally | null {
  const blocks = Math.floor((bytes.length - start) / blockSize);
  if (blocks < LEAST_BLOCKS) return null;
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * blocks))).fill(-1);
  const times = new Uint32Array(table.length);
  let repeated = 0;
  for (let i = 0, at = start; i < blocks; i++, at += blockSize) {
    const slot = findSlot(bytes, at, blockSize, table);
    if (table[slot]! >= 0) repeated++;
    else table[slot] = at;
    times[slot]!++;
  }
  const tally = { blockSize, start, blocks, table, times, repeated, bytes };
  return repeated > 0 && isUniform(tally) ? tally : null;
}

function findSlot(bytes: Uint8Array, at: number, size: number, table: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < size; i++) hash = Math.imul(hash ^ bytes[at + i]!, 0x01000193);
  let slot = ((hash ^ (hash >>> 15)) >>> 0) % table.length;
  while (table[slot]! >= 0 && !areEqual(bytes, table[slot]!, at, size)) slot = (slot + 1) % table.length;
  return slot;
}

function areEqual(bytes: Uint8Array, a: number, b: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function isUniform(tally: Tally): boolean {
  const different = (tally.blocks - tally.repeated) * tally.blockSize;
  if (different < LEAST_BLOCKS * 8) return areAllRandom(tally);
  const { lower, upper } = limitsFor(different, UNIFORM_P);
  const x2 = chiSquareOfDifferent(tally);
  return x2 >= lower && x2 <= upper;
}

/** Where a disk is nearly empty, a few blocks are all that there are: each must look random, too. */
function areAllRandom(tally: Tally): boolean {
  const { table, bytes, blockSize, blocks, repeated } = tally;
  const different = (blocks - repeated) * blockSize;
  if (blockSize < 16 || different < FEWEST_BYTES) return false;
  const { lower, upper } = limitsFor(different, UNIFORM_P);
  const x2 = chiSquareOfDifferent(tally);
  if (x2 < lower || x2 > upper) return false;
  return table.every((at) => at < 0 || looksRandom(bytes.subarray(at, at + blockSize)));
}

function chiSquareOfDifferent({ table, bytes, blockSize, blocks, repeated }: Tally): number {
  const counts = new Float64Array(256);
  for (const at of table) {
    if (at >= 0) for (let i = 0; i < blockSize; i++) counts[bytes[at + i]!]!++;
  }
  const squares = counts.reduce((sum, c) => sum + c * c, 0);
  return chiSquareOf(squares, (blocks - repeated) * blockSize);
}

function describe(tally: Tally, position: number): Repetition {
  const { bytes, blockSize, blocks, start, repeated, table, times } = tally;
  const slot = times.reduce((best, count, i) => (count > times[best]! ? i : best), 0);
  const at = table[slot]!;
  // Each further repeat is one of about m²/2 pairs that were equal by chance with probability 2^−b.
  const pairs = Math.log((blocks * blocks) / 2) - 8 * blockSize * Math.LN2;
  return {
    start: position + start,
    end: position + start + blocks * blockSize,
    blockSize,
    phase: (position + start) % blockSize,
    blocks,
    repeated,
    chiSquare: chiSquareOfDifferent(tally),
    commonest: { block: bytes.slice(at, at + blockSize), times: times[slot]!, at: position + at },
    logLikelihood: -repeated * pairs,
  };
}
