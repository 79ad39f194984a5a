import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { readGuid } from '../../guid.ts';
import { checkDiskSize } from '../../size-limit.ts';

const PARAMETERS = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b';
const DISK_SIZE = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
const SECTOR = '8141bf1d-a96f-4709-ba47-f233a8faab5f';
const PARENT = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c';
const MOST_ITEMS = 2047;
const MOST_ITEM = 1 << 20;
const HAS_PARENT = 2;

/** What the disk is. Sizes in bytes. */
export interface VhdxMetadata {
  readonly size: number;
  readonly block: number;
  readonly sector: number;
  /** Where the parent may be, by key; null where there's none. */
  readonly parent: ReadonlyMap<string, string> | null;
}

/** [MS-VHDX] §2.6. @throws Broken, Truncated */
export function readVhdxMetadata(reader: Reader, region: Range): VhdxMetadata {
  reader.expect(region.start, 'metadata', 'metadata table');
  const items = readItems(reader, region);
  const parameters = find(items, PARAMETERS, region);
  const block = reader.u32le(parameters.start);
  const sizeAt = find(items, DISK_SIZE, region).start;
  const sectorAt = find(items, SECTOR, region).start;
  const sector = reader.u32le(sectorAt);
  if (!isPowerOfTwo(block, 20, 28))
    throw new Broken(parameters.start, 'size of a block', '1 to 256 MiB', block);
  if (sector !== 512 && sector !== 4096) throw new Broken(sectorAt, 'logical sector', '512 or 4096', sector);
  const hasParent = (reader.u32le(parameters.start + 4) & HAS_PARENT) !== 0;
  return {
    size: checkDiskSize(reader.u64le(sizeAt), sizeAt),
    block,
    sector,
    parent: hasParent ? readLocator(reader, items.get(PARENT) ?? null) : null,
  };
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= 2 ** least && value <= 2 ** most && (value & (value - 1)) === 0;
}

function readItems(reader: Reader, region: Range): Map<string, Range> {
  const items = new Map<string, Range>();
  const count = Math.min(reader.u16le(region.start + 10), MOST_ITEMS);
  for (let i = 0; i < count; i++) {
    const at = region.start + 32 + 32 * i;
    const start = region.start + reader.u32le(at + 16);
    const end = start + reader.u32le(at + 20);
    if (end <= reader.size && end - start <= MOST_ITEM)
      items.set(readGuid(reader.bytes(at, 16)), { start, end });
  }
  return items;
}

function find(items: ReadonlyMap<string, Range>, guid: string, region: Range): Range {
  const item = items.get(guid);
  if (item === undefined) throw new Broken(region.start, 'metadata table', `an item ${guid}`, 'none');
  return item;
}

/** Pairs of keys and values in UTF-16LE, at offsets inside the item ([MS-VHDX] §2.6.2.6). */
function readLocator(reader: Reader, item: Range | null): Map<string, string> {
  const pairs = new Map<string, string>();
  if (item === null || item.end - item.start < 20) return pairs;
  const count = reader.u16le(item.start + 18);
  for (let i = 0, at = item.start + 20; i < count && at + 12 <= item.end; i++, at += 12) {
    const key = readText(reader, item, reader.u32le(at), reader.u16le(at + 8));
    pairs.set(key, readText(reader, item, reader.u32le(at + 4), reader.u16le(at + 10)));
  }
  return pairs;
}

function readText(reader: Reader, item: Range, offset: number, length: number): string {
  const start = item.start + offset;
  if (start + length > item.end) return '';
  return Buffer.from(reader.bytes(start, length)).toString('utf16le');
}
