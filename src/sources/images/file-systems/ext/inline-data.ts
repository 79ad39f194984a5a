import { Broken } from '../../../../bytes/errors.ts';
import type { ExtentList } from '../extent-list.ts';
import type { Inode } from './inode.ts';

/** Bytes of the contents that stand in place of the pointers. */
export const INLINE_ROOM = 60;
/** `EXT4_XATTR_INDEX_SYSTEM`. */
const SYSTEM = 7;
const MAGIC = 0xea020000;

/** Offsets count in the inode. */
interface Value {
  readonly at: number;
  readonly size: number;
}

/** Adds the bytes that stand in the inode: 60 in `i_block`, the rest in the attribute `system.data` (fs/ext4/inline.c). */
export function mapInline(inode: Inode, list: ExtentList, size: number): void {
  list.addData(0, Math.min(size, INLINE_ROOM), inode.blockAt);
  if (size <= INLINE_ROOM) return;
  const value = findInlineValue(inode);
  const rest = size - INLINE_ROOM;
  if (value === null || value.size < rest) {
    throw new Broken(
      inode.at,
      'system.data',
      `${rest} bytes`,
      value === null ? 'no such attribute' : value.size,
    );
  }
  list.addData(INLINE_ROOM, rest, inode.at + value.at);
}

/** The value of `system.data` among the attributes in the inode's own body; null where there's none. @throws Broken */
export function findInlineValue(inode: Inode): Value | null {
  const { bytes } = inode;
  const header = 128 + inode.extra;
  if (bytes.length <= 128 || header + 4 > bytes.length || bytes.readUInt32LE(header) !== MAGIC) return null;
  const first = header + 4;
  // An entry has 16 bytes and its name, padded to 4; four zeros end the list.
  for (let at = first; at + 16 <= bytes.length && bytes.readUInt32LE(at) !== 0; ) {
    const nameLength = bytes[at]!;
    const name = bytes.toString('latin1', at + 16, Math.min(at + 16 + nameLength, bytes.length));
    if (bytes[at + 1] === SYSTEM && name === 'data') return placeOfValue(inode, at, first);
    at += 16 + ((nameLength + 3) & ~3);
  }
  return null;
}

/** Places of values count from the first entry. */
function placeOfValue(inode: Inode, entry: number, first: number): Value {
  const at = first + inode.bytes.readUInt16LE(entry + 2);
  const size = inode.bytes.readUInt32LE(entry + 8);
  if (inode.bytes.readUInt32LE(entry + 4) !== 0 || at + size > inode.bytes.length) {
    throw new Broken(inode.at + entry, 'system.data', 'a value inside the inode', `${size} bytes at ${at}`);
  }
  return { at, size };
}
