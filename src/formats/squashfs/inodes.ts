import { Broken } from '../../bytes/errors.ts';
import type { Meter } from '../../bytes/meter.ts';

/** A regular file (Squashfs Binary Format 4.0 §4). */
export interface SquashFile {
  readonly inode: number;
  readonly dataAt: number;
  readonly size: number;
  /** Index of the fragment block that holds the file's end; null where none does. */
  readonly fragment: number | null;
  readonly fragmentOffset: number;
  readonly blockSizes: readonly number[];
}

const HEADER = 16;
const NONE = 0xffffffff;

/** Bytes of an inode behind its header, by type; files, links and long directories have more behind these. */
const fixedLengths: readonly number[] = [0, 16, 16, 8, 8, 8, 4, 4, 24, 40, 8, 12, 12, 8, 8];

/** Reads all inodes, which follow each other without gap. @throws Broken */
export function readInodes(table: Buffer, count: number, blockSize: number, meter: Meter): SquashFile[] {
  const files: SquashFile[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    meter.step();
    const type = table.length >= at + HEADER ? table.readUInt16LE(at) : 0;
    const length = fixedLengths[type];
    if (length === undefined || type === 0 || at + HEADER + length > table.length) {
      throw new Broken(at, 'inode', 'type 1 to 14', type);
    }
    const rest = at + HEADER + length;
    const file = type === 2 || type === 9 ? readFile(table, at, type, blockSize) : null;
    if (file !== null) files.push(file);
    at = rest + (file === null ? extraLength(table, at, type) : 4 * file.blockSizes.length);
    if (at > table.length) throw new Broken(at, 'inode', 'inside its table', at);
  }
  if (at !== table.length) throw new Broken(at, 'end of the inode table', table.length, at);
  return files;
}

function readFile(table: Buffer, at: number, type: number, blockSize: number): SquashFile {
  const isLong = type === 9;
  const body = at + HEADER;
  const dataAt = isLong ? Number(table.readBigUInt64LE(body)) : table.readUInt32LE(body);
  const size = isLong ? Number(table.readBigUInt64LE(body + 8)) : table.readUInt32LE(body + 12);
  const fragment = table.readUInt32LE(body + (isLong ? 28 : 4));
  const fragmentOffset = table.readUInt32LE(body + (isLong ? 32 : 8));
  const count = fragment === NONE ? Math.ceil(size / blockSize) : Math.floor(size / blockSize);
  const sizesAt = body + (isLong ? 40 : 16);
  if (sizesAt + 4 * count > table.length)
    throw new Broken(at, 'blocks of a file', 'inside the inode table', count);
  const blockSizes = Array.from({ length: count }, (_, i) => table.readUInt32LE(sizesAt + 4 * i));
  const inode = table.readUInt32LE(at + 12);
  return { inode, dataAt, size, fragment: fragment === NONE ? null : fragment, fragmentOffset, blockSizes };
}

/** Targets of links, and the index of long directories. */
function extraLength(table: Buffer, at: number, type: number): number {
  const body = at + HEADER;
  if (type === 3) return table.readUInt32LE(body + 4);
  if (type === 10) return table.readUInt32LE(body + 4) + 4;
  if (type !== 8) return 0;
  let length = 0;
  for (let left = table.readUInt16LE(body + 16); left > 0; left--) {
    const entry = body + 24 + length;
    if (entry + 12 > table.length) return length;
    length += 12 + table.readUInt32LE(entry + 8) + 1;
  }
  return length;
}

/** Names of inodes from the directory table (§5), whose listings follow each other. @throws Broken */
export function readNames(table: Buffer, meter: Meter): Map<number, string> {
  const names = new Map<number, string>();
  for (let at = 0; at < table.length; ) {
    if (at + 12 > table.length) throw new Broken(at, 'directory header', '12 bytes', table.length - at);
    const count = table.readUInt32LE(at) + 1;
    const base = table.readUInt32LE(at + 8);
    if (count > 256) throw new Broken(at, 'entries of a directory header', 'at most 256', count);
    at += 12;
    for (let i = 0; i < count; i++) {
      meter.step();
      const length = at + 8 <= table.length ? table.readUInt16LE(at + 6) + 1 : 0;
      if (length === 0 || at + 8 + length > table.length)
        throw new Broken(at, 'directory entry', 'inside its table', at);
      names.set(base + table.readInt16LE(at + 2), table.toString('utf8', at + 8, at + 8 + length));
      at += 8 + length;
    }
  }
  return names;
}
