import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** Random bytes are control characters or not ASCII with probability 0.63; names may be UTF-8, zeros end them. */
const FLOOR = 32;

/** Accounts for zero-terminated strings, if that's what they are; else declares the range raw. */
export function accountStrings(reader: Reader, ledger: Ledger, start: number, end: number, by: string): void {
  if (isText(reader, start, end)) ledger.account(start, end, 'grammar', by, FLOOR);
  else ledger.raw(start, end, by);
}

function isText(reader: Reader, start: number, end: number): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const part of reader.stream(start, end)) {
      if (!hasOnlyText(part)) return false;
      decoder.decode(part, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function hasOnlyText(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 && byte !== 0 && (byte < 9 || byte > 13)) return false;
    if (byte === 0x7f) return false;
  }
  return true;
}
