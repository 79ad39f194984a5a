import { ReadError } from '../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import { u16, u32, u64 } from './little-endian.ts';

/** What the boot sector says about the volume. All sizes and places in bytes. */
export interface Geometry {
  readonly sectorSize: number;
  readonly clusterSize: number;
  readonly recordSize: number;
  readonly indexSize: number;
  /** Of the file system: one sector less than its partition, whose last sector is the copy of the boot sector. */
  readonly size: number;
  readonly clusters: number;
  readonly mftAt: number;
  readonly mirrorAt: number;
  readonly serial: string;
}

const MOST_CLUSTER = 2 << 20;
const MOST_RECORD = 1 << 16;
export const BOOT = 512;

/** Null where this is no boot sector of NTFS. */
export function parseBoot(sector: Uint8Array): Geometry | null {
  if (!isBoot(sector)) return null;
  const sectorSize = u16(sector, 11);
  const clusterSize = clusterSizeOf(sector[13]!, sectorSize);
  const sectors = u64(sector, 40);
  const size = sectors * sectorSize;
  const geometry = {
    sectorSize,
    clusterSize,
    recordSize: recordSizeOf(sector[64]!, clusterSize),
    indexSize: recordSizeOf(sector[68]!, clusterSize),
    size,
    clusters: Math.floor(size / clusterSize),
    mftAt: u64(sector, 48) * clusterSize,
    mirrorAt: u64(sector, 56) * clusterSize,
    serial: serialOf(sector),
  };
  return isPlausible(geometry) ? geometry : null;
}

/** The geometry that the first sector gives, or else its copy in the last; `read` gives null for what is damaged. */
export function findBoot(
  volume: ByteSource,
  read: (at: number) => Uint8Array | null,
): { readonly geometry: Geometry; readonly isCopy: boolean } | null {
  const first = read(0);
  const primary = first === null ? null : parseBoot(first);
  if (primary !== null) return { geometry: primary, isCopy: false };
  for (const sectorSize of [512, 4096]) {
    const last = read(volume.size - sectorSize);
    const geometry = last === null ? null : parseBoot(last);
    if (geometry !== null && geometry.sectorSize === sectorSize && geometry.size <= volume.size) {
      return { geometry, isCopy: true };
    }
  }
  return null;
}

/** Magic of ext2/3/4, which leaves the first kilobyte alone, and often the last sector of what was there before. */
const EXT = { sector: 1024, at: 56, magic: 0xef53 };

/** Whether no other file system took the place since: only then the copy of the boot sector counts. */
export function isNobodys(read: (at: number) => Uint8Array | null): boolean {
  const first = read(0);
  const second = read(EXT.sector);
  if (second !== null && u16(second, EXT.at) === EXT.magic) return false;
  return first === null || first[510] !== 0x55 || first[511] !== 0xaa;
}

/** The boot sector at `at`, or null where the volume has none there. */
export function readBoot(volume: ByteSource, at: number): Uint8Array | null {
  if (at < 0) return null;
  const sector = new Uint8Array(BOOT);
  try {
    return volume.read(sector, at) === BOOT ? sector : null;
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}

function isBoot(sector: Uint8Array): boolean {
  const isNamed = [...'NTFS    '].every((letter, i) => sector[3 + i] === letter.charCodeAt(0));
  return isNamed && sector[510] === 0x55 && sector[511] === 0xaa;
}

/** Sectors, or from 2^7 on 2^(256 − value) of them (Windows 10, clusters up to 2 MiB). */
function clusterSizeOf(value: number, sectorSize: number): number {
  return sectorSize * (value > 128 ? 2 ** (256 - value) : value);
}

/** Clusters, or where negative the power of two in bytes. */
function recordSizeOf(value: number, clusterSize: number): number {
  return value < 128 ? value * clusterSize : 2 ** (256 - value);
}

function isPlausible(geometry: Geometry): boolean {
  const { sectorSize, clusterSize, recordSize, indexSize, size, mftAt, mirrorAt } = geometry;
  return (
    isPower(sectorSize, 256, 4096) &&
    isPower(clusterSize, sectorSize, MOST_CLUSTER) &&
    isPower(recordSize, 512, MOST_RECORD) &&
    isPower(indexSize, 512, MOST_RECORD) &&
    Number.isSafeInteger(size) &&
    geometry.clusters > 0 &&
    (mftAt < size || mirrorAt < size)
  );
}

function isPower(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0;
}

function serialOf(sector: Uint8Array): string {
  const high = u32(sector, 76).toString(16).padStart(8, '0');
  return `${high}${u32(sector, 72).toString(16).padStart(8, '0')}`.toUpperCase();
}
