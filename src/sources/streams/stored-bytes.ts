import { readSync } from 'node:fs';
import { ReadError } from '../../bytes/errors.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { type SparseMap, SparseSource } from '../../formats/tar/sparse.ts';

/** Bytes that came by a stream: in memory that threads share, or in a spool file, which has no name. */
export type Kept =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'spool'; readonly fd: number; readonly size: number };

/** The bytes of a file that a stream brought. It crosses threads as it is. */
export interface StoredBytes {
  readonly kept: Kept;
  /** Where a sparse file's pieces belong; null for other files. */
  readonly sparse: SparseMap | null;
  /** As the stream says, in milliseconds since 1970. */
  readonly mtimeMs: number;
}

export function sizeOf({ kept, sparse }: Pick<StoredBytes, 'kept' | 'sparse'>): number {
  return sparse?.size ?? (kept.kind === 'memory' ? kept.bytes.length : kept.size);
}

/** The bytes as a source. Closing it leaves them where they are. */
export function openStored({ kept, sparse }: Pick<StoredBytes, 'kept' | 'sparse'>): ByteSource {
  const source = new KeptSource(kept);
  return sparse === null ? source : new SparseSource(source, sparse);
}

class KeptSource implements ByteSource {
  readonly size: number;
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
    this.size = kept.kind === 'memory' ? kept.bytes.length : kept.size;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    if (this.#kept.kind === 'spool') return readFully(this.#kept.fd, into.subarray(0, wanted), at);
    into.set(this.#kept.bytes.subarray(at, at + wanted));
    return wanted;
  }

  close(): void {}
}

function readFully(fd: number, into: Uint8Array, at: number): number {
  let done = 0;
  try {
    while (done < into.length) {
      const got = readSync(fd, into, done, into.length - done, at + done);
      if (got === 0) throw new ReadError(at + done, 'the spool file ended');
      done += got;
    }
  } catch (error) {
    if (error instanceof ReadError) throw error;
    throw new ReadError(at + done, (error as NodeJS.ErrnoException).code ?? String(error), error);
  }
  return done;
}
