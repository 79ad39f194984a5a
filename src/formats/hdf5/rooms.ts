import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';

/** What of a file may hold structures, and from where their addresses count. In bytes. */
export interface Body extends Range {
  readonly base: number;
  /** Half of the children that a node of chunks has room for; null where the file doesn't say. */
  readonly chunkK: number | null;
}

/** Larger bodies aren't searched, in bytes. */
const MOST_SEARCHED = 2 ** 30;
const MOST_FOUND = 100_000;

/**
 * Accounts for the rooms that structures keep free: in heaps that data share, and in nodes of chunks. Both describe
 * themselves, so that they're searched for instead of followed; what only looks like one contradicts itself.
 */
export function accountRooms(reader: Reader, ledger: Ledger, body: Body): void {
  if (body.end - body.start > MOST_SEARCHED) return;
  for (const at of findAll(reader, 'GCOL', body)) {
    const room = freeInHeap(reader, at, body.end);
    if (room !== null) accountRoom(reader, ledger, room, 'free space of a heap');
  }
  if (body.chunkK === null) return;
  for (const at of findAll(reader, 'TREE\x01', body)) {
    const room = freeInNode(reader, at, body, body.chunkK);
    if (room !== null) accountRoom(reader, ledger, room, 'unused entries of a node');
  }
}

function accountRoom(reader: Reader, ledger: Ledger, { start, end }: Range, by: string): void {
  if (start < end && isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', by, SLACK_FLOOR);
}

function* findAll(reader: Reader, signature: string, { start, end }: Range): Generator<number> {
  let at = reader.indexOf(signature, start, end);
  for (let found = 0; at >= 0 && found < MOST_FOUND; found++) {
    reader.meter.step();
    yield at;
    at = reader.indexOf(signature, at + 1, end);
  }
}

const HEAP_HEADER = 16;
const OBJECT_HEADER = 16;

/**
 * A global heap collection (HDF5 specification, III.E): objects tile it; the one with index 0 is its free space. Null
 * where they don't, or there is none.
 */
function freeInHeap(reader: Reader, at: number, limit: number): Range | null {
  if (at + HEAP_HEADER > limit || reader.u32le(at + 4) !== 1) return null;
  const end = at + sizeAt(reader, at + 8);
  if (!(end <= limit)) return null;
  for (let object = at + HEAP_HEADER; object + OBJECT_HEADER <= end; ) {
    reader.meter.step();
    const size = sizeAt(reader, object + 8);
    if (reader.u32le(object + 4) !== 0) return null;
    if (reader.u16le(object) === 0)
      return object + size === end ? { start: object + OBJECT_HEADER, end } : null;
    object += OBJECT_HEADER + Math.ceil(size / 8) * 8;
  }
  return null;
}

const NODE_HEADER = 24;
const MOST_DIMENSIONS = 33;

/** A node of a version 1 B-tree of chunks (III.A.1): room for 2·K children, of which the first ones are used. */
function freeInNode(reader: Reader, at: number, body: Body, k: number): Range | null {
  if (at + NODE_HEADER > body.end) return null;
  const used = reader.u16le(at + 6);
  if (used === 0 || used > 2 * k) return null;
  const fitting: Range[] = [];
  // The layout of the dataset gives the dimensions. Only with the right ones do keys end with zero and lead to chunks.
  for (let dimensions = 2; dimensions <= MOST_DIMENSIONS; dimensions++) {
    const key = 8 + 8 * dimensions;
    const room = {
      start: at + NODE_HEADER + used * (key + 8) + key,
      end: at + NODE_HEADER + 2 * k * (key + 8) + key,
    };
    if (room.end <= body.end && hasChildren(reader, { at, used, key, body })) fitting.push(room);
  }
  return fitting.length === 1 ? fitting[0]! : null;
}

/** Keys give size of the chunk, filters left out, and its place, of which the last coordinate counts bytes and is zero. */
function hasChildren(
  reader: Reader,
  {
    at,
    used,
    key,
    body,
  }: { readonly at: number; readonly used: number; readonly key: number; readonly body: Body },
): boolean {
  const isLeaf = reader.u8(at + 5) === 0;
  for (let i = 0; i < used; i++) {
    reader.meter.step();
    const keyAt = at + NODE_HEADER + i * (key + 8);
    const size = reader.u32le(keyAt);
    const child = body.base + sizeAt(reader, keyAt + key);
    const end = child + (isLeaf ? size : NODE_HEADER);
    if (size === 0 || sizeAt(reader, keyAt + key - 8) !== 0) return false;
    if (!(child > body.start && end <= body.end)) return false;
  }
  return true;
}

/** Infinity for what no file can hold. */
function sizeAt(reader: Reader, at: number): number {
  try {
    return reader.u64le(at);
  } catch (error) {
    if (error instanceof Broken) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
