import { extPart } from './ext.ts';
import { fatPart } from './fat.ts';
import { ntfsPart } from './ntfs.ts';
import { ntfsMutationsPart } from './ntfs-mutations.ts';
import { ntfsSalvagePart } from './ntfs-salvage.ts';
import type { Part } from './part.ts';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [extPart, fatPart, ntfsPart, ntfsSalvagePart, ntfsMutationsPart];
