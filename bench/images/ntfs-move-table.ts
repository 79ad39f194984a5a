import type { Range } from '../../src/bytes/range.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { ntfs } from '../../src/sources/images/file-systems/ntfs/ntfs.ts';
import { attributeAt, editInPlace } from '../../test/support/ntfs-record.ts';

const RECORD = 1024;
const CLUSTER = 4096;
const DATA = 0x80;
const [MFT_LCN, MIRROR_LCN] = [48, 56];
/** Free ranges shorter than this aren't used: the runs have to fit into one record. */
const LEAST = 1 << 20;

/**
 * Moves $MFT behind a third of the volume, where Windows puts it; mkntfs puts it at its start. Boot sectors, the record
 * of $MFT and its copy are changed; what the bitmap says is not. Needs clusters of 4 KiB, and records of 1 KiB.
 */
export function moveTable(image: Buffer): void {
  const table = [...ntfs.open(new BufferSource(image)).entries()].find(({ path }) => path === '$MFT')!;
  const contents = Buffer.alloc(Math.ceil(table.size / CLUSTER) * CLUSTER);
  table.open().read(contents, 0);
  const places = findFree(image, contents.length);
  for (const extent of table.extents()) if (extent.kind === 'data') image.fill(0, extent.at, endOf(extent));
  let done = 0;
  for (const { start, end } of places) done += contents.copy(image, start, done, done + end - start);
  const mirror = Number(image.readBigUInt64LE(MIRROR_LCN)) * CLUSTER;
  const first = places[0]!.start;
  for (const at of [first, mirror]) {
    editInPlace(image.subarray(at, at + RECORD), (record) => setRuns(record, places, contents.length));
  }
  for (const boot of [0, image.length - 512]) image.writeBigUInt64LE(BigInt(first / CLUSTER), boot + MFT_LCN);
}

/** New runs in place of those that the table had; what follows them moves. */
function setRuns(record: Buffer, places: readonly Range[], length: number): void {
  const at = attributeAt(record, DATA);
  const start = record.readUInt16LE(at + 32);
  const before = record.readUInt32LE(at + 4);
  const after = (start + 6 * places.length + 8) & ~7;
  record.copy(record, at + after, at + before, record.readUInt32LE(24));
  record.writeUInt32LE(after, at + 4);
  record.writeUInt32LE(record.readUInt32LE(24) + after - before, 24);
  record.writeBigUInt64LE(BigInt(length / CLUSTER - 1), at + 24);
  record.writeBigUInt64LE(BigInt(length), at + 40);
  record.fill(0, at + start, at + after);
  let cluster = 0;
  for (const [i, place] of places.entries()) {
    const run = at + start + 6 * i;
    record[run] = 0x32;
    record.writeUInt16LE((place.end - place.start) / CLUSTER, run + 1);
    record.writeIntLE(place.start / CLUSTER - cluster, run + 3, 3);
    cluster = place.start / CLUSTER;
  }
}

function endOf(extent: Range & { readonly at: number }): number {
  return extent.at + extent.end - extent.start;
}

/** The first free ranges behind a third of the volume that together are long enough. */
function findFree(image: Buffer, length: number): Range[] {
  const third = Math.floor(image.length / CLUSTER / 3) * CLUSTER;
  const found: Range[] = [];
  let left = length;
  for (const { start, end } of ntfs.open(new BufferSource(image)).unallocated()) {
    if (start < third || end - start < LEAST) continue;
    const taken = Math.min(left, end - start);
    found.push({ start, end: start + taken });
    left -= taken;
    if (left === 0) return found;
  }
  throw new Error('not enough free places that are large enough');
}
