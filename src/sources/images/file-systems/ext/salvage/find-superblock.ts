import { Broken } from '../../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Damage } from '../../damage.ts';
import { firstBlockOf, hasSuperblock } from '../groups.ts';
import {
  hasMagic,
  incompat,
  parseSuperblock,
  SUPERBLOCK_AT,
  SUPERBLOCK_SIZE,
  type Superblock,
} from '../superblock.ts';

const blockSizes = [4096, 1024, 2048, 8192, 16384, 32768, 65536];
/** Blocks in a cluster that are looked for: groups of bigalloc are that much longer. */
const ratios = [1, 16, 2, 4, 8, 32, 64];
/** Copies that are looked for under each layout. */
const MOST_COPIES = 40;

/** The first superblock that is left: the primary one, or a copy that knows where it stands. Null where none is. */
export function findSuperblock(volume: ByteSource, damage: Damage): Superblock | null {
  const primary = readAt(volume, SUPERBLOCK_AT, damage);
  if (primary?.ownGroup === 0) return primary;
  for (const ratio of ratios) {
    for (const blockSize of blockSizes) {
      const copy = findCopy(volume, damage, blockSize, blockSize * 8 * ratio);
      if (copy !== null) return copy;
    }
  }
  return null;
}

function findCopy(
  volume: ByteSource,
  damage: Damage,
  blockSize: number,
  blocksPerGroup: number,
): Superblock | null {
  const first = blockSize === 1024 ? 1 : 0;
  for (const group of copyGroups()) {
    const at = (first + group * blocksPerGroup) * blockSize;
    if (at + SUPERBLOCK_SIZE > volume.size) return null;
    const copy = readAt(volume, at, damage);
    if (copy?.ownGroup === group && firstBlockOf(copy, group) * copy.blockSize === at) return copy;
  }
  return null;
}

/** 1, 3, 5, 7, 9, 25, 27, 49…: groups with copies, in order. */
function copyGroups(): number[] {
  const groups = [1];
  for (const base of [3, 5, 7]) for (let power = base; power < 2 ** 24; power *= base) groups.push(power);
  return groups.sort((a, b) => a - b).slice(0, MOST_COPIES);
}

function readAt(volume: ByteSource, at: number, damage: Damage): Superblock | null {
  if (damage.hits(at, at + SUPERBLOCK_SIZE) || at + SUPERBLOCK_SIZE > volume.size) return null;
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  volume.read(bytes, at);
  if (!hasMagic(bytes)) return null;
  try {
    const superblock = parseSuperblock(bytes, at);
    const usable = superblock.checksumHolds && (superblock.incompat & incompat.journalDevice) === 0;
    return usable ? superblock : null;
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** Groups that begin with a copy of the descriptors besides the first, up to `limit`. */
export function groupsWithCopies(superblock: Superblock, limit: number): number[] {
  if ((superblock.roCompat & 1) === 0)
    return Array.from({ length: Math.min(limit - 1, MOST_COPIES) }, (_, i) => i + 1);
  const known = [...new Set([...copyGroups(), ...superblock.backupGroups])];
  return known.filter((group) => group > 0 && group < limit && hasSuperblock(superblock, group));
}
