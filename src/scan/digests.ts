import { createHash } from 'node:crypto';
import type { HashName } from '../baseline/baseline.ts';
import { ReadError } from '../bytes/errors.ts';
import type { ByteSource } from '../bytes/source.ts';

export type Digests = Readonly<Partial<Record<HashName, Buffer>>>;

const CHUNK = 1 << 20;

/** Hashes of a file, all in one pass. @throws ReadError */
export function digestsOf(source: ByteSource, names: readonly HashName[], beat: () => void): Digests {
  if (names.length === 0) return {};
  const sums = names.map((name) => createHash(name));
  const buffer = new Uint8Array(Math.min(CHUNK, source.size));
  for (let at = 0; at < source.size; ) {
    const got = source.read(buffer, at);
    if (got === 0) throw new ReadError(at, 'the file shrank');
    for (const sum of sums) sum.update(buffer.subarray(0, got));
    at += got;
    beat();
  }
  return Object.fromEntries(sums.map((sum, i) => [names[i]!, sum.digest()]));
}
