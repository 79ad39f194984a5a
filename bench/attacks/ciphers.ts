import { createCipheriv } from 'node:crypto';
import type { Random } from './random.ts';
import { rc4, salsa20, xorWith } from './stream-ciphers.ts';

/** Encrypts ranges of one file under one key. Each call continues the key stream, or starts a new chain. */
export type Cipher = (plain: Uint8Array) => Uint8Array;

/** Real ciphers, as ransomware uses them; each gives a new key for each file. */
export const ciphers = {
  'aes-256-ctr': (random: Random): Cipher => {
    const cipher = createCipheriv('aes-256-ctr', random.bytes(32), random.bytes(16));
    return (plain) => cipher.update(plain);
  },
  'aes-256-cbc': (random: Random): Cipher => {
    const key = random.bytes(32);
    return blockwise((plain) => encryptBlocks('aes-256-cbc', key, random.bytes(16), plain));
  },
  'aes-256-ecb': (random: Random): Cipher => {
    const key = random.bytes(32);
    return blockwise((plain) => encryptBlocks('aes-256-ecb', key, null, plain));
  },
  chacha20: (random: Random): Cipher => {
    const cipher = createCipheriv('chacha20', random.bytes(32), random.bytes(16));
    return (plain) => cipher.update(plain);
  },
  salsa20: (random: Random): Cipher => salsa20(random.bytes(32), random.bytes(8)),
  rc4: (random: Random): Cipher => rc4(random.bytes(16)),
} as const satisfies Record<string, (random: Random) => Cipher>;

/** Exclusive or with a key that repeats: not random where the plain bytes aren't. */
export const weakCiphers = {
  'xor-8': (random: Random): Cipher => xorWith(random.bytes(8)),
  'xor-32': (random: Random): Cipher => xorWith(random.bytes(32)),
  'xor-255': (random: Random): Cipher => xorWith(random.bytes(255)),
  'xor-4096': (random: Random): Cipher => xorWith(random.bytes(4096)),
} as const satisfies Record<string, (random: Random) => Cipher>;

export type CipherName = keyof typeof ciphers;
export type WeakCipherName = keyof typeof weakCiphers;

function encryptBlocks(name: string, key: Buffer, iv: Buffer | null, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Block modes in place leave the last bytes that fill no block as they were. */
function blockwise(encrypt: Cipher): Cipher {
  return (plain) => {
    const whole = plain.length - (plain.length % 16);
    return Buffer.concat([encrypt(plain.subarray(0, whole)), plain.subarray(whole)]);
  };
}
