import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Ciphertext repeats one byte through a block of this length with probability 256⁻⁶³. In bytes. */
const BLOCK = 64;

/** What seals a range, and with which strength, in the words of the scheme's own documents. */
export interface Seal {
  readonly scheme: string;
  /** Cipher and key derivation as far as the header names them. */
  readonly strength?: string | undefined;
}

/**
 * Marks the owner's ciphertext. Holes in it, such as zeros that were never written, contradict it: whatever the key is,
 * no cipher gives them.
 */
export function sealRange(reader: Reader, ledger: Ledger, { start, end }: Range, seal: Seal): void {
  if (end <= start) return;
  const hole = findHole(reader, start, end);
  if (hole >= 0) {
    const found = `one byte, ${BLOCK} times`;
    ledger.broken(new Broken(hole, 'ciphertext', 'bytes without pattern', found), end);
  }
  ledger.protect(start, hole < 0 ? end : hole, seal.scheme, seal.strength);
}

/** Offset of the first block of one repeated byte, or −1. */
function findHole(reader: Reader, start: number, end: number): number {
  let at = start;
  for (const part of reader.stream(start, end, 'ciphertext')) {
    for (let i = 0; i + BLOCK <= part.length; i += BLOCK) {
      if (part[i] === part[i + 1] && part[i] === part[i + 2] && isRepeated(part, i)) return at + i;
    }
    at += part.length;
  }
  return -1;
}

function isRepeated(bytes: Uint8Array, start: number): boolean {
  for (let i = start + 1; i < start + BLOCK; i++) if (bytes[i] !== bytes[start]) return false;
  return true;
}
