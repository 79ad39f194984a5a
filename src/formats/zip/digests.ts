import { createHash } from 'node:crypto';
import type { Archive } from './archive.ts';
import type { Tell } from './kind.ts';

/** Digest algorithms by their names in manifests and records. */
const algorithms: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

/** Larger archives have had their CRC-32 checked only: a second pass would double the time. */
export const MOST_DIGESTED = 64 << 20;

/** Compares an entry's content with a digest in base64 of either alphabet. The CRC-32 held before this is called. */
export function verifyDigest(
  archive: Archive,
  name: string,
  algorithm: string,
  digest: string,
  tell: Tell,
): void {
  const known = algorithms[algorithm.toLowerCase().replace('-', '')];
  if (known === undefined || !archive.has(name)) return;
  const hash = createHash(known);
  if (!archive.stream(name, (part) => hash.update(part))) return;
  if (!hash.digest().equals(Buffer.from(digest, 'base64'))) tell(`${name} has another digest than listed`);
}
