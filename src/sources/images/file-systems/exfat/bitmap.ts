import type { Range } from '../../../../bytes/range.ts';
import { addChain, freeClusters } from '../clusters.ts';
import { ExtentList } from '../extent-list.ts';
import { ExtentSource } from '../extent-source.ts';
import { reasonOf } from '../notice-list.ts';
import { PageCache } from '../page-cache.ts';
import { SparseBits } from '../sparse-bits.ts';
import { entryTypes } from './entry-set.ts';
import type { ExfatMedium } from './exfat-medium.ts';
import { rawEntries } from './folder.ts';

/** What the root holds besides files: the label, and where the bitmap of clusters in use is (section 7.1). */
export interface RootFacts {
  readonly label: string | null;
  readonly bitmap: { readonly cluster: number; readonly size: number } | null;
}

export function readRootFacts(medium: ExfatMedium): RootFacts {
  const place = { cluster: medium.layout.rootCluster, size: null, consecutive: false };
  let label: string | null = null;
  let bitmap: RootFacts['bitmap'] = null;
  try {
    for (const { bytes } of rawEntries(medium, place, new SparseBits())) {
      if (bytes[0] === entryTypes.label)
        label = bytes.toString('utf16le', 2, 2 + 2 * Math.min(bytes[1]!, 11));
      if (bytes[0] === entryTypes.bitmap && (bytes[1]! & 1) === medium.layout.activeFat) {
        bitmap = { cluster: bytes.readUInt32LE(20), size: Number(bytes.readBigUInt64LE(24)) };
      }
      // Writers put both before all files.
      if (bytes[0] === entryTypes.file) break;
    }
  } catch (error) {
    medium.notices.wrong(`the root can't be read: ${reasonOf(error)}`);
  }
  return { label: label === '' ? null : label, bitmap };
}

/** Ranges of the volume whose clusters the bitmap has as free. */
export function* freeSpace(medium: ExfatMedium, { bitmap }: RootFacts): Generator<Range> {
  const { table, volume, notices } = medium;
  if (bitmap === null || bitmap.size < Math.ceil(table.count / 8)) {
    notices.wrong("there's no bitmap of the clusters in use: free space isn't known");
    return;
  }
  try {
    const size = Math.ceil(table.count / 8);
    const list = new ExtentList(size, volume.size);
    addChain(list, table, bitmap.cluster, size);
    const bits = new PageCache(new ExtentSource(volume, list.finish(), size));
    yield* freeClusters(table, (cluster) => isFree(bits, cluster - 2));
  } catch (error) {
    notices.wrong(`the bitmap of the clusters in use can't be read: ${reasonOf(error)}`);
  }
}

function isFree(bits: PageCache, index: number): boolean {
  return ((bits.bytes(index >> 3, 1)[0]! >> (index & 7)) & 1) === 0;
}
