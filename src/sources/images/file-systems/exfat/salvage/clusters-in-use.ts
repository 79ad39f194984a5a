import { addChain, type Clusters } from '../../clusters.ts';
import { Damage } from '../../damage.ts';
import { ExtentList } from '../../extent-list.ts';
import { ExtentSource } from '../../extent-source.ts';
import { reasonOf } from '../../notice-list.ts';
import { PageCache } from '../../page-cache.ts';

/** Where those who format put the bitmap. */
const USUAL = 2;

/** The bitmap of the clusters in use, as far as it stands. */
interface Bitmap {
  readonly bits: PageCache;
  /** Bytes of it that were hit. */
  readonly lost: Damage;
}

/**
 * Tells which clusters are in use; false also where that isn't known.
 * @param first cluster of the bitmap; null where the root is lost: then it's taken from its usual place, if it makes sense
 */
export function clustersInUse(
  clusters: Clusters,
  damage: Damage,
  first: number | null,
  root: number,
): (cluster: number) => boolean {
  const bitmap = findBitmap(clusters, damage, first ?? USUAL);
  if (bitmap === null) return () => false;
  const isInUse = (cluster: number) => isSet(bitmap, cluster - 2);
  return first !== null || (isInUse(USUAL) && isInUse(root)) ? isInUse : () => false;
}

function findBitmap(clusters: Clusters, damage: Damage, first: number): Bitmap | null {
  const { volume, count } = clusters;
  const size = Math.ceil(count / 8);
  const list = new ExtentList(size, volume.size);
  try {
    addChain(list, clusters, first, size);
    const extents = list.finish();
    return {
      bits: new PageCache(new ExtentSource(volume, extents, size)),
      lost: new Damage(damage.inFile(extents)),
    };
  } catch (error) {
    reasonOf(error);
    return null;
  }
}

function isSet({ bits, lost }: Bitmap, index: number): boolean {
  const byte = index >> 3;
  return !lost.hits(byte, byte + 1) && ((bits.bytes(byte, 1)[0]! >> (index & 7)) & 1) === 1;
}
