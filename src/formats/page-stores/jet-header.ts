import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** The header is hidden under a fixed RC4 key, the same in all files (mdbtools, HACKING.md). */
const KEY = [0xc7, 0xda, 0x39, 0x6b] as const;
const MASKED_AT = 0x18;
const MASKED = 126;
const PAGE_KEY_AT = 0x3e;
const PROVIDER_AT = 0x299;

const WHITHER = 'pages under the key of the header';
/** MS-OFFCRYPTO §2.3.4: versions of what describes the encryption, and the shortest and longest of it, in bytes. */
const majors = new Set([2, 3, 4]);
const minors = new Set([2, 3, 4]);
const SHORTEST_INFO = 32;
const LONGEST_INFO = 3072;

/**
 * Under which of the owner's schemes the pages are encrypted; null where they aren't. The key of Jet's own encoding
 * stands in the header: what it gives must be pages.
 * @param types what the first byte of a page may be
 * @throws Broken where the header names a scheme that the pages don't follow
 */
export function jetProtection(reader: Reader, pageSize: number, types: ReadonlySet<number>): string | null {
  if (reader.u8(20) >= 2 && hasOfficeInfo(reader)) return 'Access database password (Office encryption)';
  const plain = rc4(KEY, reader.copy(MASKED_AT, MASKED, 'header page'));
  const key = plain.subarray(PAGE_KEY_AT - MASKED_AT, PAGE_KEY_AT - MASKED_AT + 4);
  if (key.every((byte) => byte === 0)) return null;
  for (let number = 1; (number + 1) * pageSize <= reader.size && number <= PAGES_TRIED; number++) {
    const page = reader.bytes(number * pageSize, 2, WHITHER);
    const [type = 0, one = 0] = rc4(keyOfPage(key, number), page);
    if (!types.has(type) || one > 1)
      throw new Broken(PAGE_KEY_AT, WHITHER, 'types of pages', `${type} ${one}`);
  }
  return 'Jet database encoding (RC4)';
}

const PAGES_TRIED = 16;

/** The number of the page is folded into the key (mdbtools, file.c). */
function keyOfPage(key: Uint8Array, number: number): number[] {
  return [...key].map((byte, i) => byte ^ ((number >>> (8 * i)) & 255));
}

/** Length, then EncryptionInfo: version and flags, or the XML of agile encryption (MS-OFFCRYPTO §2.3.4.5, §2.3.4.10). */
function hasOfficeInfo(reader: Reader): boolean {
  const length = reader.u16le(PROVIDER_AT, 'header page');
  const major = reader.u16le(PROVIDER_AT + 2, 'header page');
  const minor = reader.u16le(PROVIDER_AT + 4, 'header page');
  return majors.has(major) && minors.has(minor) && length >= SHORTEST_INFO && length <= LONGEST_INFO;
}

function rc4(key: readonly number[], input: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number) => {
    const kept = state[i]!;
    state[i] = state[j]!;
    state[j] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  let j = 0;
  return input.map((byte, index) => {
    const i = (index + 1) & 255;
    j = (j + state[i]!) & 255;
    swap(i, j);
    return byte ^ state[(state[i]! + state[j]!) & 255]!;
  });
}
