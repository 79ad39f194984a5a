import { type Range, totalLength } from '../../src/bytes/range.ts';
import { type CipherName, ciphers } from './ciphers.ts';
import type { Layout } from './layouts.ts';
import { Random } from './random.ts';

/** An attacked copy, with the exact truth about it. */
export interface Attacked {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Ranges of the attacked copy whose bytes differ in kind from the original's: encrypted or appended. */
  readonly changed: readonly Range[];
  readonly changedBytes: number;
}

/** Attacks one file; null where the layout leaves it as it is. The seed decides keys and places. */
export function attack(
  file: { readonly name: string; readonly bytes: Uint8Array },
  layout: Layout,
  cipherName: CipherName,
  seed: number,
): Attacked | null {
  const random = new Random(seed);
  const encrypt = ciphers[cipherName](random);
  const bytes = Buffer.from(file.bytes);
  const ranges = layout.ranges(bytes.length, random);
  for (const { start, end } of ranges) encryptInPlace(bytes, start, end, encrypt);
  const trailer = layout.trailer?.(bytes.length, random) ?? new Uint8Array();
  const changed = [...ranges, { start: bytes.length, end: bytes.length + trailer.length }].filter(
    ({ start, end }) => start < end,
  );
  const name = layout.rename?.(file.name) ?? file.name;
  if (changed.length === 0 && name === file.name) return null;
  return { name, bytes: Buffer.concat([bytes, trailer]), changed, changedBytes: totalLength(changed) };
}

function encryptInPlace(
  bytes: Buffer,
  start: number,
  end: number,
  encrypt: (plain: Uint8Array) => Uint8Array,
): void {
  bytes.set(encrypt(bytes.subarray(start, end)), start);
}
