import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** ASCII notices 16 random bytes; of shorter texts every byte is looked at, yet 8 bits slip more easily. */
const FLOOR = 16;

/**
 * Claims a text field: ASCII or UTF-8 without control bytes, filled up with zeros; as raw where it's something else.
 * @param by the field's name
 */
export function accountText(reader: Reader, ledger: Ledger, start: number, end: number, by: string): boolean {
  const isText = isPlainText(reader, start, end);
  if (isText) ledger.account(start, end, 'grammar', by, FLOOR);
  else ledger.raw(start, end, by);
  return isText;
}

function isPlainText(reader: Reader, start: number, end: number): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const part of reader.stream(start, end)) {
      if (hasControl(part)) return false;
      decoder.decode(part, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function hasControl(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x7f || (byte < 0x20 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13)) return true;
  }
  return false;
}
