import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { crc32c } from '../../../../checks/crc32c.ts';
import { readGuid } from '../../guid.ts';

const KIB_64 = 64 << 10;
const HEADERS = [KIB_64, 2 * KIB_64];
const HEADER = 4096;
const REGION_TABLES = [3 * KIB_64, 4 * KIB_64];
const MOST_REGIONS = 2047;
const BLOCKS = '2dc27766-f623-4200-9d64-115e9bfd4a08';
const METADATA = '8b7ca206-4790-4b9a-b8fe-575f050f886e';
const NO_LOG = '00000000-0000-0000-0000-000000000000';

/** The current header. Offsets and lengths in bytes. */
export interface VhdxHeader {
  readonly sequence: bigint;
  readonly dataWriteGuid: string;
  /** The log to be replayed; null where the file was closed properly. */
  readonly log: (Range & { readonly guid: string }) | null;
}

/** The sound header with the higher sequence number ([MS-VHDX] §2.2.2). @throws Broken */
export function readVhdxHeader(reader: Reader): VhdxHeader {
  const headers = HEADERS.flatMap((at) => tryHeader(reader, at) ?? []);
  headers.sort((a, b) => (a.sequence < b.sequence ? 1 : -1));
  const current = headers[0];
  if (current === undefined) throw new Broken(KIB_64, 'headers', 'one with a sound checksum', 'none');
  return current;
}

function tryHeader(reader: Reader, at: number): VhdxHeader | null {
  if (!reader.has(at, 'head') || !isSummed(reader, at, HEADER)) return null;
  const guid = readGuid(reader.bytes(at + 48, 16));
  const start = reader.u32le(at + 72) + reader.u32le(at + 76) * 2 ** 32;
  return {
    sequence: BigInt(reader.u32le(at + 8)) | (BigInt(reader.u32le(at + 12)) << 32n),
    dataWriteGuid: readGuid(reader.bytes(at + 32, 16)),
    log: guid === NO_LOG ? null : { guid, start, end: start + reader.u32le(at + 68) },
  };
}

/** Whether the CRC-32C of the structure is right, its own field counted as zeros. */
export function isSummed(reader: Reader, at: number, length: number): boolean {
  if (at + length > reader.size) return false;
  const bytes = reader.copy(at, length);
  bytes.fill(0, 4, 8);
  return crc32c(bytes) === reader.u32le(at + 4);
}

export interface VhdxRegions {
  readonly blocks: Range;
  readonly metadata: Range;
}

/** From the first sound table of two ([MS-VHDX] §2.2.3). @throws Broken */
export function readVhdxRegions(reader: Reader): VhdxRegions {
  for (const at of REGION_TABLES) {
    if (!reader.has(at, 'regi') || !isSummed(reader, at, KIB_64)) continue;
    const blocks = findRegion(reader, at, BLOCKS);
    const metadata = findRegion(reader, at, METADATA);
    if (blocks !== null && metadata !== null) return { blocks, metadata };
  }
  throw new Broken(REGION_TABLES[0]!, 'region tables', 'one with a sound checksum', 'none');
}

function findRegion(reader: Reader, table: number, guid: string): Range | null {
  const count = Math.min(reader.u32le(table + 8), MOST_REGIONS);
  for (let i = 0; i < count; i++) {
    const at = table + 16 + 32 * i;
    if (readGuid(reader.bytes(at, 16)) !== guid) continue;
    const start = reader.u64le(at + 16);
    return { start, end: start + reader.u32le(at + 24) };
  }
  return null;
}
