import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { walkExtra } from './extra.ts';
import { type Header, STRONG } from './layout.ts';

const AES_METHOD = 99;
const AES_FIELD = 0x9901;

/** WinZip AES, by strength: bits of the key, bytes of the salt. */
const strengths: Readonly<Record<number, { readonly bits: number; readonly salt: number }>> = {
  1: { bits: 128, salt: 8 },
  2: { bits: 192, salt: 12 },
  3: { bits: 256, salt: 16 },
};

/** Bytes of password check and of authentication code around the content. */
const AES_FRAME = 2 + 10;
/** Bytes of random header before the content (APPNOTE §6.1.3). */
const TRADITIONAL_HEADER = 12;

/** Notes content that its owner encrypted, if its length fits the scheme. @throws Broken where it doesn't */
export function noteProtected(reader: Reader, ledger: Ledger, header: Header, start: number): void {
  const end = start + header.packedSize;
  if ((header.flags & STRONG) !== 0) ledger.protect(start, end, 'PKWARE strong encryption');
  else if (header.method === AES_METHOD) noteAes(reader, ledger, header, start);
  else {
    expectLength(header, start, header.method, TRADITIONAL_HEADER);
    ledger.protect(start, end, 'ZipCrypto', 'weak: known plaintext breaks it');
  }
}

/** The extra field: version, vendor "AE", strength, true method (WinZip AE-1 and AE-2, §II). */
function noteAes(reader: Reader, ledger: Ledger, header: Header, start: number): void {
  const field = walkExtra(reader, header.extra).find(({ id }) => id === AES_FIELD);
  if (field === undefined || field.end - field.start !== 7) {
    throw new Broken(header.extra.start, 'AES extra field', '7 bytes', 'none');
  }
  reader.expect(field.start + 2, 'AE', 'AES vendor');
  const strength = strengths[reader.u8(field.start + 4)];
  if (strength === undefined)
    throw new Broken(field.start + 4, 'AES strength', '1 to 3', reader.u8(field.start + 4));
  expectLength(header, start, reader.u16le(field.start + 5), strength.salt + AES_FRAME);
  ledger.protect(start, start + header.packedSize, `WinZip AES-${strength.bits}`, `${strength.bits} bits`);
}

/** Stored content is longer by exactly what the scheme adds. */
function expectLength(header: Header, start: number, method: number, added: number): void {
  const { packedSize, size } = header;
  const fits = method === 0 ? packedSize === size + added : packedSize >= added;
  if (!fits) throw new Broken(start, 'length of encrypted content', size + added, packedSize);
}
