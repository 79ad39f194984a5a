import type { FileEntry } from '../sources/folders/entry.ts';
import type { Path } from '../sources/folders/path.ts';
import type { ImageExamined, ImageTask } from './images/image-task.ts';
import type { Examined } from './task.ts';

/** What there is to do next: for a worker, or lines that are there already. */
export type Work =
  | { readonly kind: 'batch'; readonly files: readonly FileEntry[] }
  /** Lines on what isn't to be examined. */
  | { readonly kind: 'listed'; readonly text: string; readonly skipped: number; readonly unread: number }
  /** What is known from the last scan. */
  | { readonly kind: 'cached'; readonly examined: readonly Examined[] }
  | ({ readonly kind: 'image' } & ImageWork)
  /** What was examined while the work was planned. */
  | { readonly kind: 'done'; readonly examined: ImageExamined };

/** Something to do with an image; `path` is the volume's, or the image's own. */
export interface ImageWork {
  readonly path: Path;
  readonly task: Omit<ImageTask, 'pulse'>;
}
