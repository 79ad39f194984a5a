import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { ReadError } from './errors.ts';
import type { ByteSource } from './source.ts';

/**
 * `O_NOATIME` keeps even the access time of the evidence as it was. Linux allows it to the owner and to root only
 * (open(2)); others read without it. The value is that of the generic ABI (x86, arm64, riscv).
 */
const O_NOATIME = process.platform === 'linux' ? 0o1000000 : 0;
/** Never follow a symlink put there meanwhile, never block on a FIFO put there meanwhile. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function openReadOnly(path: string | Buffer): number {
  if (O_NOATIME === 0) return openSync(path, READ_ONLY);
  try {
    return openSync(path, READ_ONLY | O_NOATIME);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(path, READ_ONLY);
  }
}

/** A regular file of the file system, opened read-only. */
export class FileSource implements ByteSource {
  readonly size: number;
  /** As the file was when it was opened. */
  readonly stats: Stats;
  readonly #fd: number;
  #reads = 0;

  /** @throws ReadError when it can't be opened, or isn't a regular file. */
  constructor(path: string | Buffer) {
    try {
      this.#fd = openReadOnly(path);
    } catch (error) {
      throw new ReadError(0, (error as NodeJS.ErrnoException).code ?? String(error), error);
    }
    this.stats = fstatSync(this.#fd);
    if (!this.stats.isFile()) {
      this.close();
      throw new ReadError(0, 'not a regular file');
    }
    this.size = this.stats.size;
  }

  read(into: Uint8Array, at: number): number {
    let done = 0;
    try {
      while (done < into.length) {
        const got = readSync(this.#fd, into, done, into.length - done, at + done);
        this.#reads++;
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw new ReadError(at + done, (error as NodeJS.ErrnoException).code ?? String(error), error);
    }
    return done;
  }

  /** How often the file was read from. What one read gives is of one moment. */
  get reads(): number {
    return this.#reads;
  }

  /** The file as it is now, times to the nanosecond. */
  identity(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  /** Whether size or modification time differ now from when the file was opened. */
  changedSinceOpened(): boolean {
    const now = fstatSync(this.#fd);
    return now.size !== this.size || now.mtimeMs !== this.stats.mtimeMs;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
