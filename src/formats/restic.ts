import { createHash } from 'node:crypto';
import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { sealRange } from './sealed.ts';

/** restic design, "Repository Layout": files are named by the SHA-256 of their contents; 48 bits of it are enough. */
const digestName = /(?:^|-)([0-9a-f]{12,64})$/;
/** "Repository Format": initialisation vector and Poly1305 tag around the ciphertext. */
const FRAME = 32;
const LEAST = FRAME + 32;
/** "Pack Format": entries of a header have 37 bytes, or 41 where the blob is compressed. */
const entries = [37, 41] as const;

/** @throws Broken, at once where the name is no digest */
function expectDigest(reader: Reader, name: string): void {
  const digits = digestName.exec(name)?.[1];
  if (digits === undefined) throw new Broken(0, 'name', 'a SHA-256', name.slice(0, 16));
  const hash = createHash('sha256');
  for (const part of reader.stream(0, reader.size)) hash.update(part);
  const computed = hash.digest('hex');
  if (!computed.startsWith(digits)) throw new Broken(0, 'SHA-256 in the name', digits, computed);
}

/** Where the header of a pack begins, told by the last 4 bytes; −1 for other files, which are sealed as a whole. */
function findPackHeader(reader: Reader): number {
  const length = reader.u32le(reader.size - 4);
  const start = reader.size - 4 - length;
  if (length < FRAME + entries[0] || start < FRAME) return -1;
  return isTiled(length - FRAME) ? start : -1;
}

function isTiled(length: number): boolean {
  for (let long = 0; long < entries[0] && long * entries[1] <= length; long++) {
    if ((length - long * entries[1]) % entries[0] === 0) return true;
  }
  return false;
}

/** Counts of bytes that fit a uniform source: χ² with 255 degrees of freedom, 10⁻⁶ at either side and more. */
function looksSealed(reader: Reader): boolean {
  const counts = new Uint32Array(256);
  for (const part of reader.stream(0, reader.size)) for (const byte of part) counts[byte]!++;
  const expected = reader.size / 256;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquare > 140 && chiSquare < 420;
}

const seal = { scheme: 'restic repository', strength: 'AES-256-CTR, Poly1305-AES' };

export const restic: Format = {
  id: 'restic',
  title: 'restic repository file',
  extensions: [],
  signatures: [],
  spec: 'restic design, Repository Layout, Pack Format',
  proof:
    'SHA-256 in the name; a pack tells the length of its header; blobs are sealed by the repository’s key',
  texture: 'plain',
  // Ciphertext from the first byte on: text and files with magic bytes are known before.
  recognise: (head, size) => size >= LEAST && !head.subarray(0, 64).every((byte) => byte < 0x80),
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    expectDigest(reader, context.name);
    if (!looksSealed(reader)) throw new Broken(0, 'ciphertext', 'bytes without pattern', 'others');
    ledger.account(0, reader.size, 'checksum', 'SHA-256 in the name');
    const header = findPackHeader(reader);
    const end = header < 0 ? reader.size : reader.size - 4;
    sealRange(
      reader,
      ledger,
      { start: 0, end },
      { ...seal, scheme: header < 0 ? seal.scheme : 'restic pack' },
    );
  },
};
