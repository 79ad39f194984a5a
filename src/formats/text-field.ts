import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Encodings of short texts such as names and comments, with the random run that each would notice, in bytes. */
const encodings: readonly { readonly fits: (bytes: Uint8Array) => boolean; readonly floor: number }[] = [
  // 98 of 256 values: 98/256 to the 15th is below 10⁻⁶.
  { fits: isAscii, floor: 16 },
  // A random byte goes on as UTF-8 without controls with probability 0.47: 19 of them, and 3 cut at each edge.
  { fits: isUtf8, floor: 25 },
  // Without C0 and C1 controls 191 of 256 values are left: 0.746 to the 48th.
  { fits: isLatin1, floor: 48 },
  // Code pages of DOS use all but the C0 controls: 224 of 256, 0.875 to the 104th.
  { fits: hasNoControls, floor: 104 },
];

/** Accounts for a short text, if it is one; else notes that nobody can say what it is. */
export function accountText(reader: Reader, ledger: Ledger, start: number, end: number, by: string): boolean {
  if (end <= start) return true;
  const bytes = reader.bytes(start, end - start, by);
  const floor = textFloor(bytes);
  if (floor === null) {
    ledger.unexamined(start, end, `${by} that is no text`);
    return false;
  }
  ledger.account(start, end, 'grammar', by, floor);
  return true;
}

/** The random run that is noticed among these bytes, if they are a text; else null. In bytes. */
export function textFloor(bytes: Uint8Array): number | null {
  return encodings.find(({ fits }) => fits(bytes))?.floor ?? null;
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x7f) && hasNoControls(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return hasNoControls(bytes);
  } catch {
    return false;
  }
}

function isLatin1(bytes: Uint8Array): boolean {
  return hasNoControls(bytes) && bytes.every((byte) => byte < 0x7f || byte > 0x9f);
}

/** Tab and line ends are text. */
function hasNoControls(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}
