import type { Path } from '../../sources/folders/path.ts';
import type { NameKey } from './name-key.ts';

/** A file of a snapshot, as its listing has it. */
export interface ListedFile {
  readonly key: NameKey;
  /** Index of the snapshot, the oldest 0. */
  readonly snapshot: number;
  /** Relative to the snapshot. */
  readonly path: Path;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Two files with the same identity have the same bytes, without a look at them; empty where nothing says so. */
  readonly identity: string;
}

export type ListedRow = readonly [
  key: NameKey,
  snapshot: number,
  path: string,
  size: number,
  modified: number,
  identity: string,
];

/** By key, then from the oldest snapshot to the newest. */
export function compareRows(a: ListedRow, b: ListedRow): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1];
}

export function toFile([key, snapshot, path, size, modified, identity]: ListedRow): ListedFile {
  return { key, snapshot, path: path as Path, size, modified, identity };
}
