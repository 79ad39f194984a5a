import { createHash, type Hash } from 'node:crypto';
import type { Container, StoredHash } from './container.ts';
import { UNREAD_WHEN_ACQUIRED } from './containers/ewf/layer.ts';

const PART = 1 << 20;

export interface HashCheck extends StoredHash {
  /** Of the contents as they are now. */
  readonly actual: string;
  readonly isRight: boolean;
}

/**
 * Reads the whole disk and compares the hashes that its image stores; an empty list where it stores none.
 * @throws ReadError when a part can't be read: a hash over less would be none
 */
export function verifyHashes(container: Container): readonly HashCheck[] {
  const hashes = container.hashes.map(({ algorithm }) => createHash(algorithm));
  if (hashes.length === 0) return [];
  for (const part of readAll(container)) for (const hash of hashes) hash.update(part);
  return container.hashes.map((stored, i) => compare(stored, hashes[i]!));
}

function compare(stored: StoredHash, hash: Hash): HashCheck {
  const actual = hash.digest('hex');
  return { ...stored, actual, isRight: actual === stored.hex };
}

/** Sectors that couldn't be read when the disk was acquired were hashed as zeros. */
function* readAll(container: Container): Iterable<Uint8Array> {
  const { contents } = container;
  const buffer = new Uint8Array(PART);
  for (let at = 0; at < contents.size; at += PART) {
    const end = Math.min(at + PART, contents.size);
    for (const piece of container.map(at, end)) {
      const part = buffer.subarray(0, piece.end - piece.start);
      if (piece.kind === 'unreadable' && piece.why === UNREAD_WHEN_ACQUIRED) part.fill(0);
      else contents.read(part, piece.start);
      yield part;
    }
  }
}
