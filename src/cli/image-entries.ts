import { Broken, OverBudget, ReadError } from '../bytes/errors.ts';
import { printable } from '../report/text.ts';
import { fromText, joinPath, type Path } from '../sources/folders/path.ts';
import { displayText } from '../sources/folders/path-text.ts';
import type { Entry, EntryOptions } from '../sources/images/file-system.ts';
import { type Image, type ImageVolume, openImage } from '../sources/images/open-image.ts';
import { UsageError } from './exit.ts';

/** An entry with the volume that it's in, and its path in the image: `p2/Users/ann`. */
export interface ImageEntry {
  readonly path: Path;
  readonly entry: Entry;
  readonly volume: ImageVolume;
}

/** @throws UsageError when it can't be opened */
export function openForCommand(path: string, snapshot?: string): Image {
  try {
    return openImage(path, snapshot === undefined ? {} : { snapshot });
  } catch (error) {
    if (error instanceof ReadError || error instanceof Broken || error instanceof OverBudget)
      throw new UsageError(`${path} can't be opened as a disk image: ${error.message}`);
    throw error;
  }
}

/** All entries of all volumes whose path may be, or lie below, the one wanted. */
export function* imageEntries(image: Image, options: EntryOptions): Generator<ImageEntry> {
  for (const volume of image.volumes) {
    if (volume.content.kind !== 'files') continue;
    const name = volume.volume.name as Path;
    for (const entry of volume.content.fileSystem.entries(options))
      yield { path: joinPath(name, entry.path), entry, volume };
  }
}

/** Whether a path is the one that was given: as it is, or as it's shown on a terminal. */
export function isPath(path: Path, given: string): boolean {
  return path === fromText(given) || displayText(path) === given;
}

/** Whether a path lies right in the folder that was given, or anywhere below. */
export function liesIn(path: Path, folder: string, isDeep: boolean): boolean {
  if (folder === '') return isDeep || !path.includes('/');
  const depth = folder.split('/').length;
  const segments = path.split('/');
  if (segments.length <= depth || (!isDeep && segments.length > depth + 1)) return false;
  return isPath(segments.slice(0, depth).join('/') as Path, folder);
}

/** `/a/b/` and `a/b` are the same here. */
export function trimPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Why a volume has no entries; null if it has. */
export function whyNotListed({ content }: ImageVolume): string | null {
  switch (content.kind) {
    case 'files':
      return null;
    case 'known': {
      const { title, protection } = content.known;
      return protection === null
        ? `${title}: recognised, but not read`
        : `encrypted by its owner: ${printable(protection)}`;
    }
    case 'broken':
      return `${content.title}: ${printable(content.why)}`;
    case 'unknown':
      return 'nothing known is found';
  }
}
