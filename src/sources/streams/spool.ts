import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openNameless, writeFully } from '../../bytes/nameless-file.ts';
import type { Kept } from './stored-bytes.ts';

export interface SpoolLimits {
  /** Bytes that are kept in memory; what is longer goes to a file. */
  readonly memory: number;
  /** Bytes at most. */
  readonly most: number;
  /** The folder of the file; the system's for temporary files (`TMPDIR`) by default. Never beside evidence. */
  readonly folder?: string;
}

export const defaultSpoolLimits: SpoolLimits = { memory: 16 << 20, most: 64 * 2 ** 30 };

/** What a stream brought can't be kept: it's longer than allowed, or the disk is full. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
  readonly code = 'UNSCATHED_SPOOL';
}

/**
 * Keeps the bytes of a stream until they are examined, as verifiers seek in them. In memory as long as there are few;
 * then in a file without a name, so that nothing is left of it when the process ends, however it ends.
 */
export class Spool {
  readonly #limits: SpoolLimits;
  #pieces: Uint8Array[] = [];
  #fd: number | null = null;
  #size = 0;

  constructor(limits: SpoolLimits = defaultSpoolLimits) {
    this.#limits = limits;
  }

  /** @throws SpoolError */
  add(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#limits.most) throw new SpoolError(`longer than ${this.#limits.most} bytes`);
    if (this.#fd === null && size > this.#limits.memory) this.#spill();
    const fd = this.#fd;
    if (fd === null) this.#pieces.push(Uint8Array.from(piece));
    else keeping(() => writeFully(fd, piece, this.#size));
    this.#size = size;
  }

  /** All that was added. What is in a file is to be let go of with `letGo`. */
  finish(): Kept {
    if (this.#fd !== null) return { kind: 'spool', fd: this.#fd, size: this.#size };
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#size));
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return { kind: 'memory', bytes };
  }

  drop(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    this.#pieces = [];
  }

  #spill(): void {
    const fd = keeping(() => openNameless(this.#limits.folder ?? tmpdir()));
    this.#fd = fd;
    let at = 0;
    for (const piece of this.#pieces) {
      keeping(() => writeFully(fd, piece, at));
      at += piece.length;
    }
    this.#pieces = [];
  }
}

/** Ends the life of a spool file. */
export function letGo(kept: Kept): void {
  if (kept.kind === 'spool') closeSync(kept.fd);
}

/** @throws SpoolError where the system says that there is no room */
function keeping<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new SpoolError(`no room to keep it: ${(error as Error).message}`, { cause: error });
  }
}
