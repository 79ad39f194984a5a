import { Broken } from '../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../bytes/source.ts';

/** How an exFAT volume is laid out. Places and sizes are in bytes. */
export interface ExfatLayout {
  readonly sectorSize: number;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly fatAt: number;
  readonly fatSize: number;
  readonly fats: number;
  readonly activeFat: number;
  readonly heapAt: number;
  readonly rootCluster: number;
  readonly size: number;
  readonly serial: number;
  /** `VolumeFlags`: 1 second FAT, 2 dirty, 4 media failure. */
  readonly flags: number;
}

/** `VolumeFlags`. */
export const volumeFlags = { secondFat: 1, dirty: 2, failed: 4 } as const;
/** Sectors of a boot region that its checksum covers; it stands in the one behind them. */
const COVERED = 11;
/** Where the copy of the boot region begins, in sectors. */
export const BACKUP_SECTOR = 12;

export function looksLikeExfat(sector: Buffer): boolean {
  return (
    sector.length >= 512 &&
    sector.toString('latin1', 3, 11) === 'EXFAT   ' &&
    sector.readUInt16LE(510) === 0xaa55
  );
}

/** Reads a boot sector (Microsoft, exFAT file system specification, section 3.1). @throws Broken */
export function parseBootSector(sector: Buffer): ExfatLayout {
  const sectorShift = sector[108]!;
  need(sectorShift >= 9 && sectorShift <= 12, 108, 'BytesPerSectorShift', sectorShift);
  const clusterShift = sector[109]!;
  need(sectorShift + clusterShift <= 25, 109, 'SectorsPerClusterShift', clusterShift);
  const fats = sector[110]!;
  need(fats === 1 || fats === 2, 110, 'NumberOfFats', fats);
  const clusters = sector.readUInt32LE(92);
  need(clusters >= 1 && clusters <= 0xfffffff5, 92, 'ClusterCount', clusters);
  const sectors = Number(sector.readBigUInt64LE(72));
  const sectorSize = 2 ** sectorShift;
  need(Number.isSafeInteger(sectors * sectorSize), 72, 'VolumeLength', sectors);
  const flags = sector.readUInt16LE(106);
  return {
    sectorSize,
    clusterSize: 2 ** (sectorShift + clusterShift),
    clusters,
    fatAt: sector.readUInt32LE(80) * sectorSize,
    fatSize: sector.readUInt32LE(84) * sectorSize,
    fats,
    activeFat: (flags & volumeFlags.secondFat) !== 0 ? fats - 1 : 0,
    heapAt: sector.readUInt32LE(88) * sectorSize,
    rootCluster: sector.readUInt32LE(96),
    size: sectors * sectorSize,
    serial: sector.readUInt32LE(100),
    flags,
  };
}

/** Whether the boot region at `at` (bytes) has the checksum that its last sector repeats (section 3.4). */
export function bootRegionHolds(volume: ByteSource, sectorSize: number, at: number): boolean {
  const region = Buffer.alloc((COVERED + 1) * sectorSize);
  if (volume.read(region, at) < region.length) return false;
  const covered = COVERED * sectorSize;
  let sum = 0;
  for (let i = 0; i < covered; i++) {
    // The flags and the share in use change without it.
    if (i !== 106 && i !== 107 && i !== 112) sum = (((sum << 31) | (sum >>> 1)) + region[i]!) >>> 0;
  }
  for (let i = covered; i < region.length; i += 4) if (region.readUInt32LE(i) !== sum) return false;
  return true;
}

function need(holds: boolean, at: number, field: string, found: number): void {
  if (!holds) throw new Broken(at, field, 'a value that the format allows', found);
}
