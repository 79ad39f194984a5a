import { containerMutationsPart } from './container-mutations.ts';
import { containersPart } from './containers.ts';
import { extPart } from './ext.ts';
import { extSalvagePart } from './ext-salvage.ts';
import { fatPart } from './fat.ts';
import { fatSalvagePart } from './fat-salvage.ts';
import { fileSystemMutationsPart } from './file-system-mutations.ts';
import { ntfsPart } from './ntfs.ts';
import { ntfsMutationsPart } from './ntfs-mutations.ts';
import { ntfsSalvagePart } from './ntfs-salvage.ts';
import type { Part } from './part.ts';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [
  containersPart,
  containerMutationsPart,
  extPart,
  fatPart,
  extSalvagePart,
  fatSalvagePart,
  fileSystemMutationsPart,
  ntfsPart,
  ntfsSalvagePart,
  ntfsMutationsPart,
];
