import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ExtentList } from '../extent-list.ts';
import type { Inode } from './inode.ts';
import type { Medium } from './medium.ts';

const DIRECT = 12;

/** A pointer still to be followed: `level` 0 is a block of data, 1 to 3 a block of pointers. */
interface Pointer {
  readonly block: number;
  readonly level: number;
  /** The first byte of the file that it leads to. */
  readonly start: number;
}

/** Adds the blocks of an inode with 12 direct, one indirect, one double and one triple indirect pointer, in order. */
export function mapIndirectBlocks(medium: Medium, inode: Inode, list: ExtentList, metadata: Range[]): void {
  const { blockSize } = medium.superblock;
  const open = rootPointers(inode.block, blockSize).reverse();
  const seen = new Set<number>();
  for (let next = open.pop(); next !== undefined && !list.full; next = open.pop()) {
    if (next.block === 0) continue;
    if (next.level === 0) {
      list.addData(next.start, blockSize, next.block * blockSize);
      continue;
    }
    const at = next.block * blockSize;
    if (seen.has(next.block)) throw new Broken(at, 'indirect block', 'one not seen before', next.block);
    seen.add(next.block);
    const bytes = medium.blocks.bytes(at, blockSize, 'indirect block');
    metadata.push({ start: at, end: at + blockSize });
    if (next.level === 1) addBlocks(bytes, next.start, list, blockSize);
    else pushPointers(bytes, next, open, blockSize);
  }
}

function rootPointers(block: Buffer, blockSize: number): Pointer[] {
  const pointers: Pointer[] = [];
  let start = 0;
  for (let i = 0; i < DIRECT + 3; i++) {
    const level = Math.max(0, i - DIRECT + 1);
    pointers.push({ block: block.readUInt32LE(4 * i), level, start });
    start += reach(level, blockSize);
  }
  return pointers;
}

/** Bytes of the file that a pointer of this level leads to. */
function reach(level: number, blockSize: number): number {
  return blockSize * (blockSize / 4) ** level;
}

function addBlocks(bytes: Buffer, start: number, list: ExtentList, blockSize: number): void {
  for (let i = 0; i < bytes.length / 4 && !list.full; i++) {
    const block = bytes.readUInt32LE(4 * i);
    if (block !== 0) list.addData(start + i * blockSize, blockSize, block * blockSize);
  }
}

function pushPointers(bytes: Buffer, from: Pointer, open: Pointer[], blockSize: number): void {
  const level = from.level - 1;
  for (let i = bytes.length / 4 - 1; i >= 0; i--) {
    const block = bytes.readUInt32LE(4 * i);
    if (block !== 0) open.push({ block, level, start: from.start + i * reach(level, blockSize) });
  }
}
