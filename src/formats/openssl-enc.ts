import { Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { sealRange } from './sealed.ts';

/** Magic bytes and salt, in bytes. */
const HEADER = 16;

/** Which ciphers give such a length: block ciphers pad, stream ciphers and counter modes don't. */
function describeCipher(length: number): string {
  if (length % 16 === 0) return 'cipher not named, length of whole blocks';
  if (length % 8 === 0) return 'cipher not named, length of whole blocks of 8 bytes';
  return 'stream cipher, not named';
}

export const opensslEnc: Format = {
  id: 'openssl-enc',
  title: 'OpenSSL salted file',
  extensions: ['enc'],
  signatures: [{ at: 0, hex: '53616c7465645f5f' }],
  spec: 'OpenSSL, openssl-enc(1)',
  proof: 'magic bytes and salt; the header names neither cipher nor length',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, 'Salted__', 'magic bytes');
    if (reader.size <= HEADER) throw new Truncated(reader.size, 'ciphertext', HEADER + 1 - reader.size);
    ledger.account(0, HEADER, 'structure', 'magic bytes and salt', 12);
    const strength = describeCipher(reader.size - HEADER);
    sealRange(reader, ledger, { start: HEADER, end: reader.size }, { scheme: 'OpenSSL enc', strength });
  },
};
