import { Broken } from '../../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { FoundLayout } from '../../cluster-salvage/salvager.ts';
import type { Damage } from '../../damage.ts';
import {
  BACKUP_SECTOR,
  bootRegionHolds,
  type ExfatLayout,
  looksLikeExfat,
  parseBootSector,
} from '../boot-sector.ts';

const sectorSizes = [512, 1024, 2048, 4096];

/** The layout by a boot region whose checksum holds: the first, or its copy. Null where neither does. */
export function findLayout(volume: ByteSource, damage: Damage): FoundLayout<ExfatLayout> | null {
  for (const isCopy of [false, true]) {
    for (const sectorSize of sectorSizes) {
      const layout = readAt(volume, damage, sectorSize, isCopy ? BACKUP_SECTOR * sectorSize : 0);
      if (layout !== null) return { layout, isCopy };
    }
  }
  return null;
}

function readAt(volume: ByteSource, damage: Damage, sectorSize: number, at: number): ExfatLayout | null {
  const sector = Buffer.alloc(512);
  const end = at + BACKUP_SECTOR * sectorSize;
  if (end > volume.size || damage.hits(at, end)) return null;
  if (volume.read(sector, at) < sector.length || !looksLikeExfat(sector)) return null;
  try {
    const layout = parseBootSector(sector);
    return layout.sectorSize === sectorSize && bootRegionHolds(volume, sectorSize, at) ? layout : null;
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
