import type { ByteSource } from '../../../../../bytes/source.ts';
import { joinPath, type Path } from '../../../../folders/path.ts';
import type { SalvagedEntry, Salvager } from '../../../file-system.ts';
import { Damage } from '../../damage.ts';
import { NoticeList } from '../../notice-list.ts';
import { PageCache } from '../../page-cache.ts';
import { SparseBits } from '../../sparse-bits.ts';
import type { DirectoryEntry } from '../directory-block.ts';
import { noticesOf } from '../facts.ts';
import type { Kind } from '../inode.ts';
import type { Medium } from '../medium.ts';
import { roCompat, type Superblock } from '../superblock.ts';
import { findSuperblock } from './find-superblock.ts';
import { FoundEntry, nameOnly } from './salvaged-entry.ts';
import { SurvivingFolders } from './surviving-folders.ts';
import { SurvivingGroups } from './surviving-groups.ts';
import { survivingInode, survivingInodes } from './surviving-inodes.ts';

const ROOT = 2;
const types: Readonly<Record<number, Kind>> = { 1: 'file', 2: 'folder', 7: 'link' };

/** Finds files of an ext2, ext3 or ext4 volume by what stands: any superblock, any descriptors, each inode, each block. */
export const extSalvager: Salvager = {
  id: 'ext',
  recognise: (volume, damage) => findSuperblock(volume, new Damage(damage)) !== null,
  salvage: (volume, damage) => salvage(volume, new Damage(damage)),
};

function salvage(volume: ByteSource, damage: Damage): ReturnType<Salvager['salvage']> {
  const notices = new NoticeList();
  const superblock = findSuperblock(volume, damage);
  if (superblock === null) {
    notices.wrong('no superblock is left, nor any of its copies');
    return { notices: notices.list, entries: [] };
  }
  noticesOf(superblock, volume.size, notices);
  if (superblock.ownGroup !== 0)
    notices.note(`the superblock is lost; its copy in group ${superblock.ownGroup} is used`);
  const medium = mediumOf(volume, superblock, damage, notices);
  return { notices: notices.list, entries: new Salvage(medium, damage).entries() };
}

function mediumOf(volume: ByteSource, superblock: Superblock, damage: Damage, notices: NoticeList): Medium {
  const tables = new PageCache(volume);
  const blocks = new PageCache(volume, Math.max(8192, superblock.blockSize));
  return {
    volume,
    tables,
    blocks,
    superblock,
    notices,
    groups: new SurvivingGroups(tables, superblock, damage),
  };
}

class Salvage {
  readonly #medium: Medium;
  readonly #damage: Damage;
  readonly #folders: SurvivingFolders;
  readonly #named = new SparseBits();

  constructor(medium: Medium, damage: Damage) {
    this.#medium = medium;
    this.#damage = damage;
    this.#folders = new SurvivingFolders(medium, damage);
  }

  *entries(): Generator<SalvagedEntry> {
    const count = { hit: 0, broken: 0 };
    for (const inode of survivingInodes(this.#medium, this.#damage, count)) {
      if (inode.kind === 'folder') this.#folders.add(inode);
    }
    this.#report(count);
    for (const number of this.#folders.numbers) yield* this.#namesOf(number);
    yield* this.#nameless();
  }

  #report(count: { readonly hit: number; readonly broken: number }): void {
    const { notices } = this.#medium;
    if (count.hit > 0) notices.wrong(`${count.hit} places of inodes were hit`);
    if (count.broken > 0) notices.wrong(`${count.broken} inodes outside of the damage fail their checksums`);
    if (this.#folders.lostBlocks > 0) notices.wrong(`${this.#folders.lostBlocks} blocks of names are lost`);
  }

  *#namesOf(number: number): Generator<SalvagedEntry> {
    const folder = survivingInode(this.#medium, this.#damage, number);
    if (folder === null) return;
    const { path, full } = this.#folders.pathOf(number);
    for (const entry of this.#folders.namesIn(folder.copy())) yield this.#entryFor(path, full, entry);
  }

  #entryFor(folder: Path, full: boolean, { inode: number, name, type }: DirectoryEntry): SalvagedEntry {
    this.#named.add(number);
    const path = joinPath(folder, name);
    const naming = full ? 'full' : 'leaf';
    const inode = survivingInode(this.#medium, this.#damage, number);
    if (inode === null) return nameOnly(path, types[type] ?? 'special', number, naming);
    return new FoundEntry(this.#medium, this.#damage, path, inode, naming);
  }

  /** What no folder names any more. Without checksums, a table that was never cleared may hold inodes of another time. */
  *#nameless(): Generator<SalvagedEntry> {
    const { roCompat: features } = this.#medium.superblock;
    const proved =
      (features & roCompat.metadataChecksums) !== 0 || (features & roCompat.groupChecksums) === 0;
    if (!proved) return;
    for (const inode of survivingInodes(this.#medium, this.#damage, { hit: 0, broken: 0 })) {
      if (inode.number === ROOT || this.#named.has(inode.number)) continue;
      const path = `?/#${inode.number}` as Path;
      yield new FoundEntry(this.#medium, this.#damage, path, inode, 'none');
    }
  }
}
