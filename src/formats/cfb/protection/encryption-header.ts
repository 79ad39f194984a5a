import type { Reader } from '../../../bytes/reader.ts';

/** AlgID of CryptoAPI (MS-OFFCRYPTO §2.3.2). */
const ciphers: ReadonlyMap<number, string> = new Map([
  [0x6801, 'RC4'],
  [0x660e, 'AES-128'],
  [0x660f, 'AES-192'],
  [0x6610, 'AES-256'],
]);

/**
 * Cipher and key length that an EncryptionHeader tells. Before it stand the version (two words), flags and the size of
 * the header (MS-OFFCRYPTO §2.3.4.5, §2.3.5.1).
 */
export function describeHeader(reader: Reader, at: number, end: number): string {
  const header = at + 12;
  if (header + 32 > end) return 'CryptoAPI';
  const cipher = ciphers.get(reader.u32le(header + 8)) ?? 'CryptoAPI';
  const bits = reader.u32le(header + 16);
  // 0 stands for the provider's usual 40 bits.
  return `${cipher}, ${bits > 0 && bits <= 256 ? bits : 40} bit`;
}
