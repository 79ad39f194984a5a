import { type Range, totalLength } from '../../src/bytes/range.ts';
import { type Cipher, type CipherName, ciphers, type WeakCipherName, weakCiphers } from './ciphers.ts';
import type { Layout } from './layouts.ts';
import { Random } from './random.ts';

export interface Victim {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An attacked copy, with the exact truth about it. Ranges are those of the attacked copy. */
export interface Attacked {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Bytes that are not the original's: encrypted, wiped, added before or behind. */
  readonly changed: readonly Range[];
  readonly changedBytes: number;
  /** Those of them that are ciphertext in place of the original's bytes. */
  readonly encrypted: readonly Range[];
  /** Where the original's bytes stand, changed or not. */
  readonly body: Range;
}

const empty = new Uint8Array();

/** Attacks one file; null where the layout leaves it as it is. The seed decides keys and places. */
export function attack(
  file: Victim,
  layout: Layout,
  cipherName: CipherName | WeakCipherName,
  seed: number,
): Attacked | null {
  const random = new Random(seed);
  const encrypt = { ...ciphers, ...weakCiphers }[cipherName](random);
  const size = file.bytes.length;
  const bytes = layout.padded ? padded(file.bytes) : Buffer.from(file.bytes);
  const ranges = layout.ranges(bytes.length, random);
  for (const { start, end } of ranges) encryptInPlace(bytes, start, end, encrypt);
  const header = layout.header?.(size, random) ?? empty;
  const trailer = layout.trailer?.(size, random) ?? empty;
  const name = layout.rename?.(file.name) ?? file.name;
  if (ranges.length + header.length + trailer.length === 0 && name === file.name) return null;
  return assemble(name, [header, bytes, trailer], ranges);
}

/** @param encrypted ranges of the body */
export function assemble(
  name: string,
  [header, body, trailer]: readonly [Uint8Array, Uint8Array, Uint8Array],
  encrypted: readonly Range[],
): Attacked {
  const offset = header.length;
  const end = offset + body.length;
  const moved = encrypted.map((range) => ({ start: range.start + offset, end: range.end + offset }));
  const changed = [{ start: 0, end: offset }, ...moved, { start: end, end: end + trailer.length }].filter(
    (range) => range.start < range.end,
  );
  const bytes = offset + trailer.length === 0 ? body : Buffer.concat([header, body, trailer]);
  return {
    name,
    bytes,
    changed,
    changedBytes: totalLength(changed),
    encrypted: moved,
    body: { start: offset, end },
  };
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);
}

function encryptInPlace(bytes: Buffer, start: number, end: number, encrypt: Cipher): void {
  bytes.set(encrypt(bytes.subarray(start, end)), start);
}
