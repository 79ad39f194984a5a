import type { Reader } from '../../bytes/reader.ts';

/** The header is hidden under a fixed RC4 key, the same in all files (mdbtools, HACKING.md). */
const KEY = [0xc7, 0xda, 0x39, 0x6b] as const;
const MASKED_AT = 0x18;
const MASKED = 126;
const PAGE_KEY_AT = 0x3e;
const PROVIDER_AT = 0x299;

/** Under which of the owner's schemes the pages are encrypted; null where they aren't. */
export function jetProtection(reader: Reader): string | null {
  const bytes = reader.copy(MASKED_AT, MASKED, 'header page');
  const plain = rc4(KEY, bytes);
  const key = plain.subarray(PAGE_KEY_AT - MASKED_AT, PAGE_KEY_AT - MASKED_AT + 4);
  const isKeyed = key.some((byte) => byte !== 0);
  const version = reader.u8(20);
  const isOffice = version >= 2 && reader.u16le(PROVIDER_AT, 'header page') !== 0;
  if (isOffice) return 'Access database password (Office encryption)';
  return isKeyed ? 'Jet database encoding (RC4)' : null;
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
