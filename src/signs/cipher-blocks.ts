import { type Range, union } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { looksRandom } from './repetition.ts';

/** Bytes that are judged together, and how many of their blocks must look random: of random ones all but 2 in 10⁴ do. */
const STEP = 1024;
const SHARE = 0.9;
const BLOCK = 16;
/** More is given as one range. */
const MOST_BYTES = 1 << 26;

/**
 * The parts of a range that consist of blocks which each look random, whether or not they repeat: what a block cipher without
 * chaining wrote. Edges are those of blocks.
 * @param phase offset of the blocks modulo 16
 * @throws OverBudget, ReadError
 */
export function followCipherBlocks(reader: Reader, range: Range, phase: number): Range[] {
  const first = range.start + ((phase - range.start) & (BLOCK - 1));
  const found: Range[] = [];
  for (let at = first; at + BLOCK <= range.end; at += STEP) {
    if (at - first >= MOST_BYTES) return union([...found, { start: at, end: range.end }]);
    reader.meter.step();
    const length = Math.min(STEP, range.end - at) & ~(BLOCK - 1);
    found.push(...partsOf(reader.bytes(at, length, 'blocks'), at));
  }
  return union(found);
}

/** All of a step, none of it, or the side on which an edge leaves blocks that look random. */
function partsOf(bytes: Uint8Array, at: number): Range[] {
  const isRandom: boolean[] = [];
  for (let i = 0; i < bytes.length; i += BLOCK) isRandom.push(looksRandom(bytes.subarray(i, i + BLOCK)));
  if (shareOf(isRandom) >= SHARE) return [{ start: at, end: at + bytes.length }];
  const head = isRandom.indexOf(false);
  const tail = isRandom.length - 1 - isRandom.lastIndexOf(false);
  return [
    { start: at, end: at + head * BLOCK },
    { start: at + bytes.length - tail * BLOCK, end: at + bytes.length },
  ].filter(({ start, end }) => end - start >= 4 * BLOCK);
}

function shareOf(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length;
}
