import { closeSync, readSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { sep } from 'node:path';
import { openNameless, writeFully } from '../../bytes/nameless-file.ts';

/** Bytes that are kept in memory. */
const IN_MEMORY = 8 << 20;
/** Bytes that are kept at all: beyond that there is no end of suspects, and their lines can't wait. */
const MOST = 2 ** 31;
const CHUNK = 1 << 20;

/** Texts without line ends that wait for the end of the scan: in memory first, then in a temporary file without name. */
export class Spool {
  readonly #inMemory: number;
  readonly #folder: string | null;
  #texts: string[] = [];
  #bytes = 0;
  #written = 0;
  #file: number | null = null;

  /** @param roots what is examined: nothing is written there */
  constructor(roots: readonly (string | Buffer)[], inMemory = IN_MEMORY) {
    this.#folder = folderOutside(roots);
    this.#inMemory = inMemory;
  }

  /** Whether there was room for the text. */
  add(text: string): boolean {
    const bytes = Buffer.byteLength(text) + 1;
    if (this.#written + this.#bytes + bytes > MOST) return false;
    if (this.#bytes + bytes > this.#inMemory && !this.#spill()) return false;
    this.#texts.push(text);
    this.#bytes += bytes;
    return true;
  }

  /** All texts, in the order in which they came. May be called any number of times. */
  *texts(): Generator<string> {
    let rest = Buffer.alloc(0);
    for (let at = 0; at < this.#written; ) {
      const chunk = this.#read(at);
      at += chunk.length;
      const whole = Buffer.concat([rest, chunk]);
      const end = whole.lastIndexOf(0x0a) + 1;
      if (end > 0) yield* whole.toString('utf8', 0, end - 1).split('\n');
      rest = whole.subarray(end);
    }
    yield* this.#texts;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#written = 0;
    this.#texts = [];
    this.#bytes = 0;
  }

  /** Writes what is in memory to the file; false where that can't be done, as on a full disk. */
  #spill(): boolean {
    if (this.#folder === null) return false;
    if (this.#texts.length === 0) return true;
    try {
      this.#file ??= openNameless(this.#folder);
      const bytes = Buffer.from(`${this.#texts.join('\n')}\n`);
      writeFully(this.#file, bytes, this.#written);
      this.#written += bytes.length;
    } catch {
      // No room for more: the caller doesn't wait with the line, which says so.
      return false;
    }
    this.#texts = [];
    this.#bytes = 0;
    return true;
  }

  #read(at: number): Buffer {
    const chunk = Buffer.alloc(Math.min(CHUNK, this.#written - at));
    const got = readSync(this.#file!, chunk, 0, chunk.length, at);
    if (got === 0) throw new Error('the temporary file of the scan was cut');
    return chunk.subarray(0, got);
  }
}

/** The system's folder for temporary files; null where that is part of what is examined. */
function folderOutside(roots: readonly (string | Buffer)[]): string | null {
  try {
    const folder = realpathSync(tmpdir());
    const real = roots.map((root) => realpathSync(root));
    const isInside = real.some((root) =>
      `${folder}${sep}`.startsWith(root.endsWith(sep) ? root : root + sep),
    );
    return isInside ? null : folder;
  } catch {
    // A root, or the folder itself, isn't there: better no file than one in the wrong place.
    return null;
  }
}
