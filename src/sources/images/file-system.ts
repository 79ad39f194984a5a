import type { Range } from '../../bytes/range.ts';
import type { ByteSource } from '../../bytes/source.ts';
import type { Path } from '../folders/path.ts';
import type { Notice } from './container.ts';

/** A run of a file's bytes. `start` and `end` count in the file; `at` in the volume, in bytes. */
export type Extent =
  | { readonly kind: 'data'; readonly start: number; readonly end: number; readonly at: number }
  /** Stored compressed in `stored` bytes at `at`. */
  | {
      readonly kind: 'compressed';
      readonly start: number;
      readonly end: number;
      readonly at: number;
      readonly stored: number;
    }
  /** Holes, uninitialised extents, bytes beyond the initialised size: they read as zeros. */
  | { readonly kind: 'zero'; readonly start: number; readonly end: number };

/** Milliseconds since 1970, UTC; null where the file system has none. */
export interface Times {
  readonly modified: number | null;
  readonly accessed: number | null;
  /** Change of the metadata. */
  readonly changed: number | null;
  readonly created: number | null;
}

/** A name in a file system, and what it stands for. */
export interface Entry {
  /** From the root of the file system, without a leading `/`. A stream of NTFS ends in `:name`. */
  readonly path: Path;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  /** Bytes. */
  readonly size: number;
  /** Inode or MFT record; for FAT, the byte in the volume at which the directory entry stands. */
  readonly id: number;
  /** Names of this content; contents with more than one are given once for each name. */
  readonly links: number;
  readonly times: Times;
  /** False for a deleted entry: its bytes may be another's by now. */
  readonly allocated: boolean;
  /** Where the entry's own metadata lie in the volume: its inode or record, further records of it, extent blocks. */
  readonly metadata: readonly Range[];
  /** Why its contents can't be read: compressed by a method that isn't decoded, encrypted by its owner, lost extents. */
  readonly unreadable: string | null;
  /** Encrypted by its owner: EFS, fscrypt. */
  readonly protection: string | null;
  /** @throws Broken, OverBudget when the structures contradict each other */
  extents(): readonly Extent[];
  /** The contents. @throws Broken, ReadError, OverBudget */
  open(): ByteSource;
}

export interface EntryOptions {
  /** Deleted entries, too, as far as their metadata are still there. */
  readonly deleted?: boolean;
}

/** A file system in a volume, read without mounting, and never written. */
export interface FileSystem {
  /** `ntfs`, `ext4`, `fat32`, `exfat`. */
  readonly id: string;
  readonly title: string;
  readonly label: string | null;
  /** Bytes. */
  readonly blockSize: number;
  /** Facts for `info`, in the order in which they are shown. */
  readonly facts: ReadonlyMap<string, string>;
  /** Grows while entries are read: what was broken, which folder couldn't be read. */
  readonly notices: readonly Notice[];
  /** All entries but the root, folders before what's in them. A broken folder becomes a notice, and the rest goes on. */
  entries(options?: EntryOptions): Iterable<Entry>;
  /** The ranges of the volume that no file and no structure uses, by the file system's own bitmap. */
  unallocated(): Iterable<Range>;
}

/** One kind of file system. */
export interface FileSystemFormat {
  readonly id: string;
  readonly title: string;
  readonly spec: string;
  /** Whether the volume holds one. */
  recognise(volume: ByteSource): boolean;
  /** @throws Broken, Truncated, ReadError when its header can't be used */
  open(volume: ByteSource): FileSystem;
}

/** A volume whose contents can't be read, and why: owner's encryption, or a file system that is known by name only. */
export interface KnownVolume {
  readonly id: string;
  readonly title: string;
  /** The owner's encryption, if it is one: LUKS, BitLocker, FileVault. */
  readonly protection: string | null;
  recognise(volume: ByteSource): boolean;
}

/** An entry that was found in a damaged file system by its own checks, not by walking down from the root. */
export interface SalvagedEntry extends Entry {
  /** How sure the path is: all folders up to the root were read, some were lost (`?/#77/name`), or even the name. */
  readonly naming: 'full' | 'leaf' | 'none';
  /**
   * `untouched`: its metadata and every extent lie outside of the damage; `partial`: some extents are hit;
   * `unknown`: its extents, or part of them, are lost.
   */
  readonly state: 'untouched' | 'partial' | 'unknown';
  /** The bytes of the file that are hit, in offsets of the file. */
  readonly damaged: readonly Range[];
}

/** Finds what still stands in a volume whose ranges in `damage` (bytes of the volume) were overwritten. */
export interface Salvager {
  readonly id: string;
  /** Whether any of the file system's structures, copies included, is found in the volume. */
  recognise(volume: ByteSource, damage: readonly Range[]): boolean;
  salvage(
    volume: ByteSource,
    damage: readonly Range[],
  ): { readonly notices: readonly Notice[]; readonly entries: Iterable<SalvagedEntry> };
}
