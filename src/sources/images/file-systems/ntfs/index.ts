import type { Range } from '../../../../bytes/range.ts';
import type { Attribute, NtfsFile } from './file.ts';
import type { Ground } from './ground.ts';
import { u16, u32, u48, u64 } from './little-endian.ts';
import { isFileName } from './name.ts';
import { attributeName, attributeValue, typeOf, types, undoFixups } from './record.ts';
import { appendRuns, emptyRuns, HOLE } from './runs.ts';

/** An entry of a folder's index. */
export interface IndexEntry {
  readonly number: number;
  readonly sequence: number;
  /** $FILE_NAME, as it was when it was last brought up to date. */
  readonly value: Uint8Array;
}

const NAME = '$I30';
const ROOT_HEADER = 16;
const BLOCK_HEADER = 24;
const ENTRY_HEADER = 16;
const LAST = 2;
/** Bytes of one folder's index that are read. */
const MOST = 1 << 30;

/** The entries of a folder's index, as far as its blocks are whole. @throws Broken, OverBudget when its runs contradict */
export function* indexEntries(ground: Ground, file: NtfsFile): Generator<IndexEntry> {
  const attributes = file.index.filter(isOfNames);
  for (const attribute of attributes) {
    if (typeOf(attribute.record, attribute.at) !== types.indexRoot) continue;
    const value = attributeValue(attribute.record, attribute.at);
    if (value !== null) yield* entriesOfNode(value, ROOT_HEADER);
  }
  const bits = bitmapOf(attributes);
  for (const { start, index } of indexBlocks(ground, attributes)) {
    if (bits !== null && (bits[index >> 3]! & (1 << (index & 7))) === 0) continue;
    const block = readBlock(ground, start);
    if (block !== null) yield* entriesOfNode(block, BLOCK_HEADER);
  }
}

/** Where the blocks of a folder's index stand. @throws Broken, OverBudget */
export function indexPlaces(ground: Ground, file: NtfsFile): Range[] {
  const { clusterSize } = ground.geometry;
  const runs = emptyRuns();
  for (const { record, at } of allocations(file.index.filter(isOfNames))) {
    appendRuns(runs, record, at, ground.geometry.clusters);
  }
  return runs.places.flatMap((place, i) =>
    place === HOLE ? [] : [{ start: place * clusterSize, end: (place + runs.lengths[i]!) * clusterSize }],
  );
}

/** A block of an index, made ready; null where it's lost. */
export function readBlock(ground: Ground, at: number): Uint8Array | null {
  const { indexSize } = ground.geometry;
  if (ground.isHit(at, at + indexSize)) return null;
  const block = new Uint8Array(indexSize);
  const isWhole = at + indexSize <= ground.volume.size && ground.tryRead(block, at);
  return isWhole && undoFixups(block, 'INDX') === 'good' ? block : null;
}

function isOfNames({ record, at }: Attribute): boolean {
  const name = attributeName(record, at);
  return name !== null && Buffer.from(name).toString('utf16le') === NAME;
}

function allocations(attributes: readonly Attribute[]): Attribute[] {
  return attributes
    .filter(({ record, at }) => typeOf(record, at) === types.indexAllocation && record[at + 8] !== 0)
    .sort((a, b) => u64(a.record, a.at + 16) - u64(b.record, b.at + 16));
}

/** Bits of the blocks in use; null where they aren't resident, so that all blocks are taken. */
function bitmapOf(attributes: readonly Attribute[]): Uint8Array | null {
  const bitmap = attributes.find(({ record, at }) => typeOf(record, at) === types.bitmap);
  return bitmap === undefined ? null : attributeValue(bitmap.record, bitmap.at);
}

/** Blocks that lie in one run; those of clusters smaller than a block that lie apart are left out. */
function* indexBlocks(
  ground: Ground,
  attributes: readonly Attribute[],
): Generator<{ readonly start: number; readonly index: number }> {
  const { clusterSize, clusters, indexSize } = ground.geometry;
  const runs = emptyRuns();
  for (const { record, at } of allocations(attributes)) appendRuns(runs, record, at, clusters);
  for (let i = 0; i < runs.places.length; i++) {
    if (runs.places[i] === HOLE) continue;
    const base = runs.starts[i]! * clusterSize;
    const end = base + runs.lengths[i]! * clusterSize;
    const first = Math.ceil(base / indexSize);
    for (let index = first; (index + 1) * indexSize <= Math.min(end, MOST); index++) {
      yield { start: runs.places[i]! * clusterSize + index * indexSize - base, index };
    }
  }
}

/** The node's own header stands at `at` of the block and counts from there. */
/** The entries of one block. */
export function indexEntriesOfBlock(block: Uint8Array): Generator<IndexEntry> {
  return entriesOfNode(block, BLOCK_HEADER);
}

function* entriesOfNode(block: Uint8Array, at: number): Generator<IndexEntry> {
  const end = Math.min(block.length, at + u32(block, at + 4));
  for (let i = at + u32(block, at); i + ENTRY_HEADER <= end; ) {
    const length = u16(block, i + 8);
    const key = u16(block, i + 10);
    if (length < ENTRY_HEADER || i + length > end || (block[i + 12]! & LAST) !== 0) return;
    const value = block.subarray(i + ENTRY_HEADER, i + Math.min(length, ENTRY_HEADER + key));
    if (isFileName(value)) yield { number: u48(block, i), sequence: u16(block, i + 6), value };
    i += length;
  }
}
