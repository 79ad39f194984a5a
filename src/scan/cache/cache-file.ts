import { randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { DigestList, type DigestTable, lookUp } from '../../baseline/digest-table.ts';
import { type CacheKeys, KEY_LENGTH } from './cache-key.ts';
import type { CacheRecord } from './cache-record.ts';

/** A cache that must not be used: others could have written it, or it lies among the files to examine. */
export class CacheError extends Error {
  override readonly name = 'CacheError';
  readonly code = 'UNSCATHED_CACHE';
}

/** Records begin at multiples of so many bytes, so that 32 bits tell where: the file may have 64 GiB. */
const STEP = 16;
const NO_TABLE: DigestTable = { keys: new Uint32Array(4), values: new Uint32Array(1), places: 1 };

/** The records of an earlier scan: their keys in memory, 29 bytes each, the rest in the file. */
export class CacheReader {
  readonly #fd: number | null;
  readonly #table: DigestTable;
  readonly #isLenient: boolean;

  private constructor(fd: number | null, table: DigestTable, isLenient: boolean) {
    this.#fd = fd;
    this.#table = table;
    this.#isLenient = isLenient;
  }

  /**
   * @param fingerprint of all that decides on verdicts: a cache that was made under another one counts as empty
   * @throws CacheError
   */
  static async open(file: string, fingerprint: string, trustMtime: boolean): Promise<CacheReader> {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return new CacheReader(null, NO_TABLE, trustMtime);
    expectOwn(file, stats);
    const list = await readKeys(file, fingerprint, trustMtime);
    if (list === null) return new CacheReader(null, NO_TABLE, trustMtime);
    return new CacheReader(
      openSync(file, 'r'),
      list.toTable((_, later) => later),
      trustMtime,
    );
  }

  /** Null where nothing is known of this file as it is now. */
  find(keys: CacheKeys): CacheRecord | null {
    const key = this.#isLenient ? keys.lenient : keys.strict;
    const place = lookUp(this.#table, Buffer.from(key, 'hex'));
    if (place === 0 || this.#fd === null) return null;
    const line = readLine(this.#fd, (place - 1) * STEP);
    const found = this.#isLenient ? line.slice(KEY_LENGTH, 2 * KEY_LENGTH) : line.slice(0, KEY_LENGTH);
    if (found !== key) return null;
    try {
      const { text, sample } = JSON.parse(line.slice(2 * KEY_LENGTH)) as Pick<CacheRecord, 'text' | 'sample'>;
      return { ...keys, text, sample };
    } catch {
      // Not what was written: the file is examined again.
      return null;
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }
}

/** Writes the records of this scan beside the old ones, and puts them in their place once the scan is complete. */
export class CacheWriter {
  readonly #file: string;
  readonly #part: string;
  readonly #fd: number;
  #pending = '';
  #isOpen = true;

  /** @throws what the system says where it can't be made */
  constructor(file: string, fingerprint: string) {
    this.#file = file;
    this.#part = `${file}.${randomBytes(4).toString('hex')}.part`;
    this.#fd = openSync(this.#part, 'wx', 0o600);
    this.#put(headerOf(fingerprint));
  }

  add({ strict, lenient, text, sample }: CacheRecord): void {
    this.#put(`${strict}${lenient}${JSON.stringify({ text, sample })}`);
  }

  finish(): void {
    this.#flush();
    fsyncSync(this.#fd);
    this.drop(false);
    renameSync(this.#part, this.#file);
  }

  drop(remove = true): void {
    if (this.#isOpen) closeSync(this.#fd);
    if (this.#isOpen && remove) rmSync(this.#part, { force: true });
    this.#isOpen = false;
  }

  #put(line: string): void {
    const length = Buffer.byteLength(line) + 1;
    this.#pending += `${line}${' '.repeat((STEP - (length % STEP)) % STEP)}\n`;
    if (this.#pending.length > 1 << 20) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    this.#pending = '';
  }
}

/** @param roots real paths of what is examined @throws CacheError where the cache would lie among it */
export function expectApart(file: string, roots: readonly (string | Buffer)[]): void {
  const path = join(realpathSync(dirname(resolve(file))), basename(file));
  const inside = roots
    .map(String)
    .find((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
  if (inside !== undefined)
    throw new CacheError(`${file}: the cache must not lie among the files to examine`);
}

/** Whoever can write the cache decides what is called intact. */
function expectOwn(file: string, { mode, uid }: { mode: number; uid: number }): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own) throw new CacheError(`${file}: the cache belongs to another user`);
  if ((mode & 0o022) !== 0) throw new CacheError(`${file}: others may write the cache (chmod 600 it)`);
}

function headerOf(fingerprint: string): string {
  return JSON.stringify({ type: 'cache', version: 1, fingerprint });
}

async function readKeys(file: string, fingerprint: string, lenient: boolean): Promise<DigestList | null> {
  const list = new DigestList();
  let at = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (at === 0 && line.trimEnd() !== headerOf(fingerprint)) return null;
    const key = line.slice(lenient ? KEY_LENGTH : 0, lenient ? 2 * KEY_LENGTH : KEY_LENGTH);
    if (at > 0 && /^[0-9a-f]{32}$/.test(key)) list.add(Buffer.from(key, 'hex'), at / STEP + 1);
    at += Buffer.byteLength(line) + 1;
    if (at % STEP !== 0 || at / STEP >= 2 ** 32) return null;
  }
  return list;
}

function readLine(fd: number, at: number): string {
  for (let length = 4096; ; length *= 4) {
    const bytes = Buffer.alloc(length);
    const got = readSync(fd, bytes, 0, length, at);
    const end = bytes.indexOf(0x0a);
    if (end >= 0 && end < got) return bytes.toString('utf8', 0, end);
    if (got < length || length > 1 << 26) return '';
  }
}
