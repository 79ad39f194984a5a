import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ExtentList } from '../extent-list.ts';
import { extentBlockHolds } from './checksums.ts';
import { blockSeed, type Inode } from './inode.ts';
import type { Medium } from './medium.ts';

/** The deepest tree that Linux makes (`EXT4_MAX_EXTENT_DEPTH`). */
const DEEPEST = 5;
/** Lengths above this are extents whose blocks were reserved but never written: they read as zeros. */
const WRITTEN = 32768;

interface Node {
  readonly bytes: Buffer;
  /** Of the volume, in bytes. */
  readonly at: number;
  readonly depth: number;
  readonly entries: number;
}

interface Child {
  readonly block: number;
  readonly depth: number;
}

/** Adds the extents of an inode's tree to `list`, in order (fs/ext4/ext4_extents.h). */
export function mapExtentTree(medium: Medium, inode: Inode, list: ExtentList, metadata: Range[]): void {
  const { blockSize } = medium.superblock;
  const root = parseNode(inode.block, inode.blockAt);
  if (root.depth > DEEPEST) throw new Broken(root.at + 6, 'eh_depth', `${DEEPEST} at most`, root.depth);
  const seed = root.depth > 0 ? blockSeed(medium, inode) : null;
  const seen = new Set<number>();
  const open: Child[] = [];
  visit(root, list, open, blockSize);
  for (let child = open.pop(); child !== undefined && !list.full; child = open.pop()) {
    if (seen.has(child.block))
      throw new Broken(child.block * blockSize, 'extent block', 'one not seen before', child.block);
    seen.add(child.block);
    const node = readNode(medium, child, seed);
    metadata.push({ start: node.at, end: node.at + blockSize });
    visit(node, list, open, blockSize);
  }
}

function readNode(medium: Medium, child: Child, seed: number | null): Node {
  const { blockSize } = medium.superblock;
  const at = child.block * blockSize;
  const bytes = medium.blocks.bytes(at, blockSize, 'extent block');
  const node = parseNode(bytes, at);
  if (node.depth !== child.depth) throw new Broken(at + 6, 'eh_depth', child.depth, node.depth);
  if (seed !== null && !extentBlockHolds(bytes, seed))
    throw new Broken(at, 'extent block', 'its checksum', 'another');
  return node;
}

function parseNode(bytes: Buffer, at: number): Node {
  const magic = bytes.readUInt16LE(0);
  if (magic !== 0xf30a) throw new Broken(at, 'eh_magic', '0xf30a', `0x${magic.toString(16)}`);
  const entries = bytes.readUInt16LE(2);
  const room = Math.floor(bytes.length / 12) - 1;
  if (entries > room) throw new Broken(at + 2, 'eh_entries', `${room} at most`, entries);
  return { bytes, at, depth: bytes.readUInt16LE(6), entries };
}

function visit(node: Node, list: ExtentList, open: Child[], blockSize: number): void {
  if (node.depth === 0) {
    for (let i = 0; i < node.entries && !list.full; i++) addLeaf(node.bytes, 12 + 12 * i, list, blockSize);
    return;
  }
  // The last first, so that the stack gives the first first.
  for (let i = node.entries - 1; i >= 0; i--) open.push(childAt(node, 12 + 12 * i));
}

function childAt(node: Node, at: number): Child {
  const block = node.bytes.readUInt32LE(at + 4) + node.bytes.readUInt16LE(at + 8) * 2 ** 32;
  return { block, depth: node.depth - 1 };
}

function addLeaf(bytes: Buffer, at: number, list: ExtentList, blockSize: number): void {
  const start = bytes.readUInt32LE(at) * blockSize;
  const length = bytes.readUInt16LE(at + 4);
  const block = bytes.readUInt16LE(at + 6) * 2 ** 32 + bytes.readUInt32LE(at + 8);
  if (length === 0) throw new Broken(start, 'ee_len', 'more than 0', 0);
  if (length > WRITTEN) list.addZeros(start, (length - WRITTEN) * blockSize);
  else list.addData(start, length * blockSize, block * blockSize);
}
