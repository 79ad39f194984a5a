import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Bytes of a page's header. */
export const HEADER = 16;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const FIXED_KEYS = 0x20;
const KNOWN = 0x4000 | 0x8000 | 0x10 | FIXED_KEYS | OVERFLOW | LEAF | BRANCH;
const BIG = 1;
const SUBTREE = 2;
const NODE = 8;

export interface LmdbMeta {
  readonly pageSize: number;
  readonly transaction: number;
  readonly lastPage: number;
  /** Root pages of the free list and of the main tree, without empty ones. */
  readonly roots: readonly number[];
}

/** Reads a meta page (mdb.c, MDB_meta). @throws Broken */
export function readMeta(reader: Reader, at: number): LmdbMeta {
  reader.expect(at + HEADER, [0xde, 0xc0, 0xef, 0xbe, 1, 0, 0, 0], 'magic number of a meta page');
  const pageSize = reader.u32le(at + 40, 'page size');
  if (pageSize < 256 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Broken(at + 40, 'page size', '256 to 65536', pageSize);
  }
  const roots = [rootAt(reader, at + 40), rootAt(reader, at + 88)].filter((root) => root !== null);
  return { pageSize, roots, lastPage: reader.u64le(at + 136), transaction: reader.u64le(at + 144) };
}

/** All bits set: an empty tree. */
function rootAt(reader: Reader, database: number): number | null {
  return reader.u32le(database + 44) === 0xffffffff ? null : reader.u64le(database + 40, 'root page');
}

export interface LmdbPage {
  /** How many pages it takes: more than one for large values. */
  readonly pages: number;
  readonly lower: number;
  /** 0 on pages without nodes. */
  readonly upper: number;
  readonly children: readonly number[];
}

/** Reads a page of a tree and finds what it refers to. @throws Broken */
export function readLmdbPage(bytes: Uint8Array, at: number, number: number): LmdbPage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stated = Number(view.getBigUint64(0, true));
  if (stated !== number) throw new Broken(at, 'page number', number, stated);
  const flags = view.getUint16(10, true);
  if ((flags & ~KNOWN) !== 0) throw new Broken(at + 10, 'flags of a page', 'known ones', flags.toString(16));
  if ((flags & OVERFLOW) !== 0)
    return { pages: Math.max(1, view.getUint32(12, true)), lower: HEADER, upper: 0, children: [] };
  if ((flags & FIXED_KEYS) !== 0) return { pages: 1, lower: HEADER, upper: 0, children: [] };
  const lower = view.getUint16(12, true);
  const upper = view.getUint16(14, true);
  if (lower < HEADER || lower > upper || upper > bytes.length || lower % 2 !== 0) {
    throw new Broken(at + 12, 'free room of a page', 'inside of the page', `${lower} to ${upper}`);
  }
  return { pages: 1, lower, upper, children: childrenOf(view, at, flags, lower, upper) };
}

function childrenOf(view: DataView, at: number, flags: number, lower: number, upper: number): number[] {
  const children: number[] = [];
  for (let pointer = HEADER; pointer < lower; pointer += 2) {
    const node = view.getUint16(pointer, true);
    if (node < upper || node + NODE > view.byteLength) {
      throw new Broken(at + pointer, 'pointer to a node', `${upper} to ${view.byteLength - NODE}`, node);
    }
    const low = view.getUint32(node, true);
    const last = view.getUint16(node + 4, true);
    const dataAt = node + NODE + view.getUint16(node + 6, true);
    if ((flags & BRANCH) !== 0) children.push(low + last * 2 ** 32);
    else addReferred(view, at, { node, dataAt, kind: last, size: low }, children);
  }
  return children;
}

interface Leaf {
  readonly node: number;
  readonly dataAt: number;
  readonly kind: number;
  readonly size: number;
}

function addReferred(
  view: DataView,
  at: number,
  { node, dataAt, kind, size }: Leaf,
  children: number[],
): void {
  const length = (kind & BIG) !== 0 ? 8 : size;
  if (dataAt + length > view.byteLength)
    throw new Broken(at + node, 'node', 'an end inside of the page', dataAt + length);
  if ((kind & BIG) !== 0) children.push(Number(view.getBigUint64(dataAt, true)));
  const isTree = (kind & SUBTREE) !== 0 && size === 48;
  if (isTree && view.getUint32(dataAt + 44, true) !== 0xffffffff) {
    children.push(Number(view.getBigUint64(dataAt + 40, true)));
  }
}
