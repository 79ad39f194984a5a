import type { FileSystemFormat, KnownVolume, Salvager } from '../file-system.ts';
import { exfat } from './exfat/exfat.ts';
import { exfatSalvager } from './exfat/salvage/salvager.ts';
import { ext } from './ext/ext.ts';
import { extSalvager } from './ext/salvage/salvager.ts';
import { fat } from './fat/fat.ts';
import { fatSalvager } from './fat/salvage/salvager.ts';
import { known } from './known.ts';
import { ntfs } from './ntfs/ntfs.ts';
import { ntfsSalvager } from './ntfs/salvage/salvager.ts';

/** The file systems that can be read. Each is told by its own magic bytes, so that the order doesn't matter. */
export const fileSystems: readonly FileSystemFormat[] = [exfat, ext, fat, ntfs];

/** What finds files in a damaged file system. */
export const salvagers: readonly Salvager[] = [extSalvager, ntfsSalvager, exfatSalvager, fatSalvager];

/** Volumes that are known by name, and not read. */
export const knownVolumes: readonly KnownVolume[] = known;
