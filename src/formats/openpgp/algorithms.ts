import { Broken } from '../../bytes/errors.ts';
import type { Fields } from '../fields.ts';

/** A part of key material: a number with its length in bits, bytes with their length in one byte, or fixed bytes. */
type Part = 'mpi' | 'sized' | number;

/** RFC 9580 §9.1; draft-ietf-openpgp-pqc §4. */
export const publicAlgorithms: Readonly<Record<number, string>> = {
  1: 'RSA',
  2: 'RSA',
  3: 'RSA',
  16: 'Elgamal',
  17: 'DSA',
  18: 'ECDH',
  19: 'ECDSA',
  20: 'Elgamal',
  22: 'EdDSA',
  25: 'X25519',
  26: 'X448',
  27: 'Ed25519',
  28: 'Ed448',
  30: 'ML-DSA-65 and Ed25519',
  31: 'ML-DSA-87 and Ed448',
  35: 'ML-KEM-768 and X25519',
  36: 'ML-KEM-1024 and X448',
};

/** §9.3. */
export const ciphers: Readonly<Record<number, string>> = {
  0: 'no cipher',
  1: 'IDEA',
  2: '3DES',
  3: 'CAST5',
  4: 'Blowfish',
  7: 'AES-128',
  8: 'AES-192',
  9: 'AES-256',
  10: 'Twofish-256',
  11: 'Camellia-128',
  12: 'Camellia-192',
  13: 'Camellia-256',
};

/** Bytes of a block, for the initialisation vector of a secret key (§5.5.3). */
export const blockSizes: Readonly<Record<number, number>> = {
  1: 8,
  2: 8,
  3: 8,
  4: 8,
  7: 16,
  8: 16,
  9: 16,
  10: 16,
  11: 16,
  12: 16,
  13: 16,
};

/** §9.5. */
export const hashes: Readonly<Record<number, string>> = {
  1: 'MD5',
  2: 'SHA-1',
  3: 'RIPEMD-160',
  8: 'SHA-256',
  9: 'SHA-384',
  10: 'SHA-512',
  11: 'SHA-224',
  12: 'SHA3-256',
  14: 'SHA3-512',
};

/** §9.6. */
export const modes: Readonly<Record<number, string>> = { 1: 'EAX', 2: 'OCB', 3: 'GCM' };
/** Length of the nonce in bytes. */
export const nonces: Readonly<Record<number, number>> = { 1: 16, 2: 15, 3: 12 };

type Parts = Readonly<Record<number, readonly Part[]>>;

/** §5.5.5. */
export const publicParts: Parts = {
  1: ['mpi', 'mpi'],
  2: ['mpi', 'mpi'],
  3: ['mpi', 'mpi'],
  16: ['mpi', 'mpi', 'mpi'],
  17: ['mpi', 'mpi', 'mpi', 'mpi'],
  18: ['sized', 'mpi', 'sized'],
  19: ['sized', 'mpi'],
  20: ['mpi', 'mpi', 'mpi'],
  22: ['sized', 'mpi'],
  25: [32],
  26: [56],
  27: [32],
  28: [57],
  30: [32 + 1952],
  31: [57 + 2592],
  35: [32 + 1184],
  36: [56 + 1568],
};

/** §5.5.5, secret parts without encryption. */
export const secretParts: Parts = {
  1: ['mpi', 'mpi', 'mpi', 'mpi'],
  2: ['mpi', 'mpi', 'mpi', 'mpi'],
  3: ['mpi', 'mpi', 'mpi', 'mpi'],
  16: ['mpi'],
  17: ['mpi'],
  18: ['mpi'],
  19: ['mpi'],
  20: ['mpi'],
  22: ['mpi'],
  25: [32],
  26: [56],
  27: [32],
  28: [57],
  30: [64],
  31: [89],
  35: [96],
  36: [120],
};

/** §5.2.3. */
export const signatureParts: Parts = {
  1: ['mpi'],
  2: ['mpi'],
  3: ['mpi'],
  16: ['mpi', 'mpi'],
  17: ['mpi', 'mpi'],
  19: ['mpi', 'mpi'],
  20: ['mpi', 'mpi'],
  22: ['mpi', 'mpi'],
  27: [64],
  28: [114],
  30: [64 + 3309],
  31: [114 + 4627],
};

/** §5.1.3 to §5.1.7. */
export const sessionParts: Parts = {
  1: ['mpi'],
  2: ['mpi'],
  16: ['mpi', 'mpi'],
  18: ['mpi', 'sized'],
  20: ['mpi', 'mpi'],
  25: [32, 'sized'],
  26: [56, 'sized'],
  35: [32 + 1088, 'sized'],
  36: [56 + 1568, 'sized'],
};

/** The largest keys that anybody makes have 16,384 bits. */
const MOST_BITS = 1 << 15;

/** Passes over key material; returns the bits of its first number, 0 where it begins with none. */
export function skipParts(fields: Fields, parts: readonly Part[], what: string): number {
  let first: number | null = null;
  for (const part of parts) {
    const bits = skipPart(fields, part, what);
    first ??= bits;
  }
  return first ?? 0;
}

function skipPart(fields: Fields, part: Part, what: string): number {
  if (part === 'sized') fields.skip(fields.u8(what), what);
  else if (part !== 'mpi') fields.skip(part, what);
  if (part !== 'mpi') return 0;
  const bits = fields.u16be(what);
  if (bits > MOST_BITS) throw new Broken(fields.at - 2, what, `at most ${MOST_BITS} bits`, bits);
  fields.skip((bits + 7) >> 3, what);
  return bits;
}
