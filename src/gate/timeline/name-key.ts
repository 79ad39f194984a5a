import type { Path } from '../../sources/folders/path.ts';

/** Stands before the name of a file, so that a folder's own files come together, after all that is in its folders. */
const FILES = '\uffff';
/** No path holds it. It sorts below all else. */
const BETWEEN = '\0';

/** The key by which versions of a path are brought together and sorted. */
export type NameKey = string;

/**
 * @param path relative to its snapshot
 * @param fold whether names that differ in case, or in the way accents are encoded, are the same
 */
export function toKey(path: Path, fold: boolean): NameKey {
  const segments = (fold ? path.normalize('NFC').toLowerCase() : path).split('/');
  const name = segments.pop()!;
  return [...segments, FILES, name].join(BETWEEN);
}

/** What the keys of all files in one folder begin with. */
export function folderPart(key: NameKey): string {
  return key.slice(0, key.lastIndexOf(BETWEEN));
}
