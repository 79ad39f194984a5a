import type { Range } from '../../src/bytes/range.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { ntfs } from '../../src/sources/images/file-systems/ntfs/ntfs.ts';
import { attributeAt, editInPlace } from '../../test/support/ntfs-record.ts';

const RECORD = 1024;
const CLUSTER = 4096;
const DATA = 0x80;
const [MFT_LCN, MIRROR_LCN] = [48, 56];

/**
 * Moves $MFT to a third of the volume, where Windows puts it; mkntfs puts it at its start. Boot sectors, the record of
 * $MFT and its copy are changed; what the bitmap says is not. Needs clusters of 4 KiB, and records of 1 KiB.
 */
export function moveTable(image: Buffer): void {
  const table = [...ntfs.open(new BufferSource(image)).entries()].find(({ path }) => path === '$MFT')!;
  const contents = Buffer.alloc(Math.ceil(table.size / CLUSTER) * CLUSTER);
  table.open().read(contents, 0);
  const at = findFree(image, contents.length);
  for (const extent of table.extents()) if (extent.kind === 'data') image.fill(0, extent.at, endOf(extent));
  contents.copy(image, at);
  const mirror = Number(image.readBigUInt64LE(MIRROR_LCN)) * CLUSTER;
  for (const place of [at, mirror]) {
    editInPlace(image.subarray(place, place + RECORD), (record) =>
      setRun(record, at / CLUSTER, contents.length),
    );
  }
  for (const boot of [0, image.length - 512]) image.writeBigUInt64LE(BigInt(at / CLUSTER), boot + MFT_LCN);
}

/** One run in place of those that the table had. */
function setRun(record: Buffer, place: number, length: number): void {
  const at = attributeAt(record, DATA);
  const runs = at + record.readUInt16LE(at + 32);
  record.writeBigUInt64LE(BigInt(length / CLUSTER - 1), at + 24);
  record.writeBigUInt64LE(BigInt(length), at + 40);
  record[runs] = 0x32;
  record.writeUInt16LE(length / CLUSTER, runs + 1);
  record.writeUIntLE(place, runs + 3, 3);
  record[runs + 6] = 0;
}

function endOf(extent: Range & { readonly at: number }): number {
  return extent.at + extent.end - extent.start;
}

function findFree(image: Buffer, length: number): number {
  const third = Math.floor(image.length / CLUSTER / 3) * CLUSTER;
  const system = ntfs.open(new BufferSource(image));
  for (const { start, end } of system.unallocated()) {
    const at = Math.max(start, third);
    if (end - at >= length) return at;
  }
  throw new Error('no free place that is large enough');
}
