import { Broken } from '../../../../../bytes/errors.ts';
import type { Damage } from '../../damage.ts';
import { reasonOf } from '../../notice-list.ts';
import type { PageCache } from '../../page-cache.ts';
import {
  type Descriptors,
  descriptorAt,
  firstBlockOf,
  type GroupDescriptor,
  parseDescriptor,
} from '../groups.ts';
import { incompat, roCompat, type Superblock } from '../superblock.ts';
import { groupsWithCopies } from './find-superblock.ts';

/** Other copies are as old as the file system: any inode may be in use by now. */
const ALL_USED = { flags: 0, unusedInodes: 0 };

/** Descriptors from any copy that wasn't hit. Copies are often older, but the tables they name don't move. */
export class SurvivingGroups implements Descriptors {
  readonly #pages: PageCache;
  readonly #superblock: Superblock;
  readonly #damage: Damage;
  readonly #copies: readonly number[];
  readonly #known = new Map<number, GroupDescriptor | null>();

  constructor(pages: PageCache, superblock: Superblock, damage: Damage) {
    this.#pages = pages;
    this.#superblock = superblock;
    this.#damage = damage;
    const { blockSize, blocksPerGroup } = superblock;
    const inVolume = Math.ceil(pages.volume.size / (blocksPerGroup * blockSize));
    this.#copies = groupsWithCopies(superblock, Math.min(superblock.groups, inVolume));
  }

  /** @throws Broken where no copy is left */
  at(group: number): GroupDescriptor {
    const found = this.#find(group) ?? this.#infer(group);
    if (found === null) throw new Broken(0, `descriptor of group ${group}`, 'one copy', 'none');
    return found;
  }

  #find(group: number): GroupDescriptor | null {
    const known = this.#known.get(group);
    if (known !== undefined) return known;
    const found = this.#search(group);
    if (this.#known.size >= 65536) this.#known.clear();
    this.#known.set(group, found);
    return found;
  }

  #search(group: number): GroupDescriptor | null {
    let isCurrent = this.#saysWhatIsUsed();
    for (const at of this.#places(group)) {
      const descriptor = this.#readAt(at, group);
      if (descriptor !== null) return isCurrent ? descriptor : { ...descriptor, ...ALL_USED };
      isCurrent = false;
    }
    return null;
  }

  /** Whether the first copy counts unused inodes, and no journal holds a newer count. */
  #saysWhatIsUsed(): boolean {
    const { roCompat: features, incompat: needed } = this.#superblock;
    const counted = (features & (roCompat.metadataChecksums | roCompat.groupChecksums)) !== 0;
    return counted && (needed & incompat.recover) === 0 && this.#superblock.ownGroup === 0;
  }

  /** Where copies of a descriptor stand, in bytes, the first first. */
  *#places(group: number): Generator<number> {
    const { blockSize, descriptorSize, firstMetaGroup } = this.#superblock;
    yield descriptorAt(this.#superblock, group);
    const perBlock = blockSize / descriptorSize;
    const index = Math.floor(group / perBlock);
    const within = (group % perBlock) * descriptorSize;
    if ((this.#superblock.incompat & incompat.metaGroups) !== 0 && index >= firstMetaGroup) {
      for (const copy of [index * perBlock + 1, (index + 1) * perBlock - 1]) {
        const block = firstBlockOf(this.#superblock, copy);
        // With or without a superblock before it: the checksum tells.
        yield block * blockSize + within;
        yield (block + 1) * blockSize + within;
      }
      return;
    }
    for (const copy of this.#copies) {
      yield (firstBlockOf(this.#superblock, copy) + 1 + index) * blockSize + within;
    }
  }

  #readAt(at: number, group: number): GroupDescriptor | null {
    const { descriptorSize, blockSize } = this.#superblock;
    if (this.#damage.hits(at, at + descriptorSize)) return null;
    try {
      const bytes = this.#pages.bytes(at, descriptorSize, 'group descriptor');
      const descriptor = parseDescriptor(bytes, group, this.#superblock);
      const inVolume =
        descriptor.inodeTable > 0 && descriptor.inodeTable * blockSize < this.#pages.volume.size;
      return descriptor.checksumHolds && inVolume ? descriptor : null;
    } catch (error) {
      reasonOf(error);
      return null;
    }
  }

  /** Tables of one flex group follow each other. Only where each inode's checksum, which holds its number, proves it. */
  #infer(group: number): GroupDescriptor | null {
    const { groupsPerFlex, roCompat: features, inodesPerGroup, inodeSize, blockSize } = this.#superblock;
    if (groupsPerFlex === 1 || (features & roCompat.metadataChecksums) === 0) return null;
    const first = group - (group % groupsPerFlex);
    const tableBlocks = Math.ceil((inodesPerGroup * inodeSize) / blockSize);
    for (let other = first; other < Math.min(first + groupsPerFlex, first + 256); other++) {
      const neighbour = this.#find(other);
      if (neighbour === null) continue;
      return { ...neighbour, ...ALL_USED, inodeTable: neighbour.inodeTable + (group - other) * tableBlocks };
    }
    return null;
  }
}
