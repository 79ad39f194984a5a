import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** ASCII leaves 98 of 256 values, 16 of them one in 10⁷; as UTF-8 a random byte goes on with probability 0.47. */
const FLOOR = { ascii: 16, utf8: 25 } as const;

/**
 * Claims a text field: ASCII or UTF-8 without control bytes, perhaps with zeros between or behind; as raw where it's
 * something else. Of any length.
 * @param by the field's name
 */
export function accountTextOrRaw(
  reader: Reader,
  ledger: Ledger,
  start: number,
  end: number,
  by: string,
): boolean {
  const floor = textFloor(reader, start, end);
  if (floor === null) ledger.raw(start, end, by);
  else ledger.account(start, end, 'grammar', by, floor);
  return floor !== null;
}

function textFloor(reader: Reader, start: number, end: number): number | null {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isAscii = true;
  try {
    for (const part of reader.stream(start, end)) {
      if (hasControl(part)) return null;
      isAscii &&= part.every((byte) => byte < 0x80);
      decoder.decode(part, { stream: true });
    }
    decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  return isAscii ? FLOOR.ascii : FLOOR.utf8;
}

function hasControl(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x7f || (byte < 0x20 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13)) return true;
  }
  return false;
}
