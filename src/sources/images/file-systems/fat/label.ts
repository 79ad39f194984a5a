import { chain, placeOf } from '../clusters.ts';
import { reasonOf } from '../notice-list.ts';
import { DirectoryParser } from './directory.ts';
import type { FatMedium } from './fat-medium.ts';

/** The label that the root holds, which tools keep up to date; else the boot sector's. Looks at the root's first piece. */
export function findLabel({ layout, table, blocks }: FatMedium): string | null {
  const parser = new DirectoryParser();
  try {
    const [cluster] = layout.bits === 32 ? chain(table, layout.rootCluster) : [];
    const at = cluster === undefined ? layout.rootAt : placeOf(table, cluster);
    const size = cluster === undefined ? Math.min(layout.rootSize, layout.sectorSize) : layout.clusterSize;
    for (const _ of parser.parse(blocks.bytes(at, size, 'root folder'), at)) if (parser.label !== null) break;
  } catch (error) {
    // The walk meets the same, and says so.
    reasonOf(error);
  }
  const label = parser.label ?? layout.label;
  return label === '' || label === 'NO NAME' ? null : label;
}
