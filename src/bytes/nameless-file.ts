import { randomUUID } from 'node:crypto';
import { constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Opens a new file for reading and writing, which loses its name at once: when the process ends, however it does, nothing
 * is left of it.
 * @returns the descriptor
 * @throws the system's error where none can be made in the folder
 */
export function openNameless(folder: string): number {
  const path = join(folder, `unscathed-${randomUUID()}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(path, flags, 0o600);
  unlinkSync(path);
  return file;
}

/** Writes all of the bytes at a place. @throws the system's error, as on a full disk */
export function writeFully(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
  }
}
