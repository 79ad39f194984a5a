import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import type { Entry, Extent, Times } from '../../file-system.ts';
import { ExtentSource } from '../extent-source.ts';
import { reasonOf } from '../notice-list.ts';
import { type Inode, inodeFlags, inodeHolds, type Kind, readInode, sizeOf, timesOf } from './inode.ts';
import { type Mapping, mapInode } from './mapping.ts';
import type { Medium } from './medium.ts';

/** A name and its inode. Extents are read when they're asked for. */
export class ExtEntry implements Entry {
  readonly path: Path;
  readonly kind: Kind;
  readonly size: number;
  readonly id: number;
  readonly links: number;
  readonly times: Times;
  readonly allocated: boolean;
  readonly unreadable: string | null;
  readonly protection: string | null;
  readonly #medium: Medium;
  readonly #at: number;

  constructor(medium: Medium, path: Path, inode: Inode, allocated = true) {
    const size = sizeOf(medium, inode);
    this.path = path;
    this.kind = inode.kind;
    this.size = Number.isSafeInteger(size) ? size : 0;
    this.id = inode.number;
    this.links = inode.links;
    this.times = timesOf(inode);
    this.allocated = allocated;
    this.unreadable = obstacleTo(medium, inode, size, allocated);
    this.protection = inode.has(inodeFlags.encrypted) ? 'fscrypt' : null;
    this.#medium = medium;
    this.#at = inode.at;
  }

  get metadata(): readonly Range[] {
    const own = { start: this.#at, end: this.#at + this.#medium.superblock.inodeSize };
    if (this.unreadable !== null) return [own];
    try {
      return [own, ...this.#map().metadata];
    } catch (error) {
      reasonOf(error);
      return [own];
    }
  }

  extents(): readonly Extent[] {
    if (this.unreadable !== null)
      throw new Broken(this.#at, `inode ${this.id}`, 'one that can be read', this.unreadable);
    return this.#map().extents;
  }

  open(): ByteSource {
    return new ExtentSource(this.#medium.volume, this.extents(), this.size);
  }

  #map(): Mapping {
    return mapInode(this.#medium, readInode(this.#medium, this.id));
  }
}

function obstacleTo(medium: Medium, inode: Inode, size: number, allocated: boolean): string | null {
  if (!inodeHolds(medium, inode)) return 'its inode fails its checksum';
  if (!Number.isSafeInteger(size)) return `its size is ${size}`;
  if (inode.has(inodeFlags.compressed)) return 'compressed by e2compr';
  if (!allocated && inode.kind !== 'special' && !holdsPlaces(inode, size))
    return 'the places of its contents were cleared';
  return null;
}

/** Linux clears extents and, with a journal, pointers of what it deletes. */
function holdsPlaces(inode: Inode, size: number): boolean {
  if (size === 0) return false;
  if (inode.has(inodeFlags.inline)) return true;
  if (inode.has(inodeFlags.extents))
    return inode.block.readUInt16LE(0) === 0xf30a && inode.block.readUInt16LE(2) > 0;
  return inode.block.some((byte) => byte !== 0);
}

/** A name whose inode can't be read: it's given all the same, so that nothing is missing in silence. */
export function lostEntry(path: Path, kind: Kind, id: number, why: string): Entry {
  const refuse = (): never => {
    throw new Broken(0, `inode ${id}`, 'one that can be read', why);
  };
  return {
    path,
    kind,
    size: 0,
    id,
    links: 1,
    times: { modified: null, accessed: null, changed: null, created: null },
    allocated: true,
    metadata: [],
    unreadable: why,
    protection: null,
    extents: refuse,
    open: refuse,
  };
}
