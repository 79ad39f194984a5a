import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Repositories name objects, and seal files, by SHA-1 or by SHA-256 (gitformat-pack, gitformat-index). */
const algorithms = [
  { name: 'sha1', length: 20 },
  { name: 'sha256', length: 32 },
] as const;

/**
 * Finds the digest of everything before that stands at the end. Gives its length in bytes.
 * @throws Broken where neither digest holds
 */
export function verifyTrailer(reader: Reader, start: number, end: number): number {
  for (const { name, length } of algorithms) {
    if (end - start < length) continue;
    const hash = createHash(name);
    for (const part of reader.stream(start, end - length, 'sealed file')) hash.update(part);
    if (hash.digest().equals(reader.bytes(end - length, length))) return length;
  }
  throw new Broken(Math.max(start, end - 20), 'digest of the file', 'SHA-1 or SHA-256', 'another');
}
