import { Broken } from '../../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { FoundLayout } from '../../cluster-salvage/salvager.ts';
import type { Damage } from '../../damage.ts';
import { type FatLayout, looksLikeFat, parseBootSector } from '../boot-sector.ts';

/** Where FAT32 keeps a copy, in sectors, as the boot sector itself says at byte 50 (`BPB_BkBootSec`). */
const BACKUP = 6;
const BACKUP_FIELD = 50;
const sectorSizes = [512, 1024, 2048, 4096];

/** The layout by the boot sector, or by its copy where that was hit; null where both were. FAT12 and FAT16 have no copy. */
export function findLayout(volume: ByteSource, damage: Damage): FoundLayout<FatLayout> | null {
  const primary = readAt(volume, damage, 0);
  if (primary !== null) return { layout: primary.layout, isCopy: false };
  for (const sectorSize of sectorSizes) {
    const copy = readAt(volume, damage, BACKUP * sectorSize);
    const isOwn = copy?.layout.bits === 32 && copy.layout.sectorSize === sectorSize && copy.backup === BACKUP;
    if (isOwn) return { layout: copy.layout, isCopy: true };
  }
  return null;
}

function readAt(volume: ByteSource, damage: Damage, at: number) {
  const sector = Buffer.alloc(512);
  if (at + sector.length > volume.size || damage.hits(at, at + sector.length)) return null;
  if (volume.read(sector, at) < sector.length || !looksLikeFat(sector)) return null;
  try {
    return { layout: parseBootSector(sector), backup: sector.readUInt16LE(BACKUP_FIELD) };
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
