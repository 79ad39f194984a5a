import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { crc32 } from '../../../../checks/crc32.ts';

const SECTOR = 512;
const LABEL_SECTORS = 4;
const AREA_MAGIC = ' LVM2 x[5A%r0N*>';
const AREA_HEADER = 512;
const MOST_AREAS = 16;
const MOST_TEXT = 16 << 20;
/** What LVM's sums begin with (LVM2, lib/misc/crc.h); they aren't inverted. */
const SEED = 0xf597a6cf;

/** A physical volume, and the description of its group. */
export interface PhysicalVolume {
  /** Of 32 characters, without dashes. */
  readonly uuid: string;
  readonly text: string;
}

/** The label of a physical volume in one of the first four sectors; null where there's none. @throws Broken, Truncated */
export function readPhysicalVolume(reader: Reader): PhysicalVolume | null {
  for (let sector = 0; sector < LABEL_SECTORS; sector++) {
    const at = sector * SECTOR;
    if (reader.has(at, 'LABELONE') && reader.has(at + 24, 'LVM2 001')) return readHeader(reader, at);
  }
  return null;
}

function readHeader(reader: Reader, label: number): PhysicalVolume {
  const at = label + reader.u32le(label + 20);
  const uuid = reader.latin1(at, 32);
  // Two lists of places and lengths, of data and of descriptions, each ended by zeros.
  const data = readAreas(reader, at + 40);
  const areas = readAreas(reader, data.end);
  for (const start of areas.starts) {
    const text = readText(reader, start);
    if (text !== null) return { uuid, text };
  }
  throw new Broken(at, 'description of an LVM group', 'one with a sound checksum', 'none');
}

function readAreas(
  reader: Reader,
  list: number,
): { readonly starts: readonly number[]; readonly end: number } {
  const starts: number[] = [];
  let at = list;
  while (starts.length < MOST_AREAS && reader.u64le(at) !== 0) {
    starts.push(reader.u64le(at));
    at += 16;
  }
  return { starts, end: at + 16 };
}

/** The description is written round and round in its area, behind the area's header. */
function readText(reader: Reader, area: number): string | null {
  if (!reader.has(area + 4, AREA_MAGIC)) return null;
  const size = reader.u64le(area + 32);
  const [offset, length] = [reader.u64le(area + 40), reader.u64le(area + 48)];
  const isInside =
    offset >= AREA_HEADER && offset < size && length <= Math.min(MOST_TEXT, size - AREA_HEADER);
  if (!isInside || area + size > reader.size) return null;
  const first = Math.min(length, size - offset);
  const start = area + offset;
  const rest = area + AREA_HEADER;
  const bytes = Buffer.concat([
    reader.whole(start, start + first),
    reader.whole(rest, rest + length - first),
  ]);
  return sumOf(bytes) === reader.u32le(area + 56) ? bytes.toString() : null;
}

function sumOf(bytes: Uint8Array): number {
  return ~crc32(bytes, ~SEED >>> 0) >>> 0;
}
