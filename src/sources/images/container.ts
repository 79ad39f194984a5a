import type { ByteSource } from '../../bytes/source.ts';
import type { Path } from '../folders/path.ts';

/**
 * Where a run of an image's contents is stored. Offsets and lengths are in bytes; `start` and `end` count in the
 * contents, `at` in the file of that index in `Container.files`.
 */
export type Piece =
  | {
      readonly kind: 'data';
      readonly start: number;
      readonly end: number;
      readonly file: number;
      readonly at: number;
    }
  /** Stored compressed: `stored` bytes at `at` give the whole run. */
  | {
      readonly kind: 'compressed';
      readonly start: number;
      readonly end: number;
      readonly file: number;
      readonly at: number;
      readonly stored: number;
    }
  /** Reads as zeros, and takes no room. */
  | { readonly kind: 'zero'; readonly start: number; readonly end: number }
  /** Couldn't be read, and why: a missing segment, a chunk whose checksum fails, an end that's cut off. */
  | { readonly kind: 'unreadable'; readonly start: number; readonly end: number; readonly why: string };

/** Something about an image that its reader should know. */
export interface Notice {
  /** `wrong`: contents may be missing or stale; `note`: for information. */
  readonly level: 'wrong' | 'note';
  readonly text: string;
}

/** A hash of all contents, as it was taken when the image was made. */
export interface StoredHash {
  readonly algorithm: 'md5' | 'sha1';
  /** In lower case. */
  readonly hex: string;
}

/** An opened disk image: the contents of the disk, whatever file holds them. */
export interface Container {
  /** The format: `ewf`, `qcow2`, `raw`. */
  readonly id: string;
  readonly title: string;
  /** All files that hold the image, the opened one first: segments, extents, parents. */
  readonly files: readonly Path[];
  /** The disk's contents. Reading what's unreadable throws ReadError. */
  readonly contents: ByteSource;
  /** Bytes in a sector of the disk, where the container says it; else 512. */
  readonly sectorSize: number;
  /** Facts for `info`, in the order in which they are shown. */
  readonly facts: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  /** Hashes of the contents that the image stores: `verifyHashes` compares them. */
  readonly hashes: readonly StoredHash[];
  /** What protects the contents, where they are encrypted by their owner; then they can't be read. */
  readonly protection: string | null;
  /** The pieces that the range consists of, in order, without gaps. */
  map(start: number, end: number): Iterable<Piece>;
  /** Closes all files. */
  close(): void;
}

/** A file that holds an image or a part of it. */
export interface ImageFile {
  readonly path: Path;
  readonly source: ByteSource;
}

/** Opens files of the image's own folder only. */
export interface Siblings {
  /** A file beside the image, opened read-only; null if there's none, or if the name isn't one of that folder. */
  open(name: string): ImageFile | null;
  /** Names in the image's folder that begin with `prefix`, in any case of letters, sorted. */
  list(prefix: string): readonly string[];
  /**
   * The image beside this one that it is based on, opened as `format` where that's known; null if there's none.
   * @throws Broken when images name each other in a circle; OverBudget when there are too many; whatever opening throws
   */
  openParent(name: string, format?: string): Container | null;
}

/** What the caller chooses where an image leaves a choice. */
export interface ContainerOptions {
  /** Name or number of an internal snapshot whose contents are wanted (QCOW2). */
  readonly snapshot?: string;
}

/** One kind of container. */
export interface ContainerFormat {
  readonly id: string;
  readonly title: string;
  /** The specification, by name. */
  readonly spec: string;
  /** Whether the bytes, or the name where the bytes can't tell, are of this kind. Reads a few KiB. */
  recognise(source: ByteSource, name: string): boolean;
  /** @throws Broken, Truncated, ReadError, OverBudget when it can't be opened at all */
  open(image: ImageFile, siblings: Siblings, options?: ContainerOptions): Container;
}
