import type { Path } from '../../sources/folders/path.ts';
import type { Volume } from '../../sources/images/volumes.ts';
import type { Examined } from '../task.ts';

/** What is wanted of the images of a scan; the same for all of them. */
export interface ImageSettings {
  /** Deleted entries, too. */
  readonly deleted: boolean;
  /** The images were hit themselves: what stands outside of encrypted ranges is looked for. */
  readonly hit: boolean;
  /** Encrypted ranges of the image's file, where they're known; else they're looked for. */
  readonly damage: Float64Array | null;
  /** Globs, relative to the image: `p2/Users/**`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Milliseconds since 1970: files that didn't change since are skipped. */
  readonly since: number | null;
}

/** The same for a whole scan, with what is taken for an image. */
export interface ImageChoices extends ImageSettings {
  /** Images in folders are opened, too, and not only those that were named. */
  readonly inFolders: boolean;
  /** Files that were named as roots. */
  readonly named: ReadonlySet<Path>;
}

/** Something to do with an image. Each worker opens it by itself, and keeps it open for a while. */
export interface ImageTask {
  readonly image: Path;
  readonly settings: ImageSettings;
  /** Null where the image wasn't hit. */
  readonly damage: HitMap | null;
  readonly job: ImageJob;
  readonly pulse: SharedArrayBuffer;
}

export type ImageJob =
  /** Brings encrypted ranges of the image's file to the disk; looks for them where none are given. */
  | { readonly kind: 'map damage'; readonly given: Float64Array | null }
  /** Opens the image, and says what's in it. */
  | { readonly kind: 'open' }
  /** Divides the entries of a volume into batches, from the entry with this number on. */
  | { readonly kind: 'plan'; readonly volume: number; readonly from: number }
  /** Examines the entries with these numbers. */
  | { readonly kind: 'files'; readonly volume: number; readonly from: number; readonly to: number }
  /** Gives the line on an entry whose examination failed. */
  | { readonly kind: 'give up'; readonly volume: number; readonly entry: number; readonly why: string }
  /** Examines a volume in which nothing known is found, as if it were one file. */
  | { readonly kind: 'whole volume'; readonly volume: number }
  /** Measures what no file uses: of a volume, or between the volumes. */
  | { readonly kind: 'space'; readonly volume: number | null };

export type ImageResult = Opened | NoImage | Damage | Planned | ImageExamined;

export interface Opened {
  readonly kind: 'opened';
  /** Lines on the image, and on volumes that aren't read. */
  readonly done: ImageExamined;
  /** Volumes with work in them. */
  readonly volumes: readonly OpenedVolumeFacts[];
  /** Files that hold the image beside the one that was opened. */
  readonly parts: readonly Path[];
  readonly hasGaps: boolean;
}

export interface OpenedVolumeFacts {
  readonly number: number;
  readonly kind: 'files' | 'unknown';
  readonly path: Path;
  /** Bytes. */
  readonly size: number;
}

/** The file is to be examined as any other; `why` where it's an image that can't be opened. */
export interface NoImage {
  readonly kind: 'no image';
  readonly why: string | null;
}

export interface Damage {
  readonly kind: 'damage';
  readonly map: HitMap;
}

/** What is known of an image that was hit itself, before its file systems are looked at. */
export interface HitMap {
  /** Encrypted ranges of the disk, start and end by turns; shared by all threads, as there may be many. */
  readonly ranges: Float64Array;
  /** Volumes that were found by their own structures, as the partition table is lost; null where that stands. */
  readonly volumes: readonly Volume[] | null;
}

export interface Planned {
  readonly kind: 'planned';
  readonly batches: readonly PlannedBatch[];
  /** The number of the entry from which to go on; null at the end. */
  readonly next: number | null;
  /** At the end: the line on the volume. */
  readonly done: ImageExamined;
}

export interface PlannedBatch {
  readonly from: number;
  readonly to: number;
  readonly files: number;
  /** Of the files. */
  readonly bytes: number;
}

/** Lines of the report, and what's counted of them. */
export interface ImageExamined extends Examined {
  readonly kind: 'examined';
  readonly skipped: number;
  /** Folders and volumes that can't be read. */
  readonly unread: number;
}
