import type { StoredBytes } from '../streams/stored-bytes.ts';
import type { Path } from './path.ts';

/** What the walk found. Nothing that lies under the roots is left out, except what the caller excluded. */
export type WalkEntry = FileEntry | SkippedEntry | UnreadEntry;

/** A regular file to examine. */
export interface FileEntry {
  readonly kind: 'file';
  readonly path: Path;
  /** Bytes, when it was found. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** When bytes, name or rights last changed, in milliseconds since 1970; programs can't set it at will. */
  readonly ctimeMs: number;
  /** Its bytes, where a stream brought them; else they stand at the path. */
  readonly stored?: StoredBytes;
}

/** No file to examine: a link, a device, another file system. */
export interface SkippedEntry {
  readonly kind: 'skipped';
  readonly path: Path;
  readonly why: string;
}

/** Something that couldn't be looked at: what it is, or holds, is unknown. */
export interface UnreadEntry {
  readonly kind: 'unread';
  readonly path: Path;
  readonly why: string;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENAMETOOLONG: 'path too long for the system',
  ENOENT: 'vanished during the scan',
  ENOTDIR: 'changed during the scan',
  EIO: 'input/output error',
  ELOOP: 'became a symbolic link during the scan',
  EMFILE: 'too many open files',
  ESTALE: 'stale handle of a network file system',
};

/** Why a system call failed, for people, with the code for programs. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return String(error);
  return reasons[code] === undefined ? code : `${reasons[code]} (${code})`;
}
