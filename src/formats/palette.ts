import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Four random bytes are all zero once in 2³². */
const UNUSED_FLOOR = 4;
/** 16 random bytes hold four of the zeros that fill up entries of four bytes: 2⁻³² for all of them. */
const RESERVED_FLOOR = 16;
/** Eight random bytes hold two entries whose three bytes would have to be equal: 2⁻³². */
const GREY_FLOOR = 8;
/** Palettes of few values (web colours have six): 40 random bytes have more than sixteen different ones. */
const FEW = 16;
const FEW_FLOOR = 40;

/** Accounts for a colour table as far as its colours let themselves be known; the rest of it is raw. */
export function accountPalette(
  reader: Reader,
  ledger: Ledger,
  start: number,
  end: number,
  entrySize: 3 | 4,
): void {
  const bytes = reader.copy(start, end - start, 'colour table');
  const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
  // A table of nothing but black may have been another.
  ledger.account(
    start + used,
    end,
    'padding',
    'unused colours',
    used > 0 ? UNUSED_FLOOR : Number.POSITIVE_INFINITY,
  );
  const colours = bytes.subarray(0, used);
  if (isGrey(colours, entrySize)) ledger.account(start, start + used, 'structure', 'grey levels', GREY_FLOOR);
  else if (entrySize === 4 && hasZeros(colours)) {
    ledger.account(start, start + used, 'structure', 'colours of four bytes', RESERVED_FLOOR);
  } else if (new Set(colours).size <= FEW)
    ledger.account(start, start + used, 'grammar', 'few colours', FEW_FLOOR);
  else ledger.raw(start, start + used, 'colour table');
}

function isGrey(colours: Uint8Array, entrySize: number): boolean {
  for (let i = 0; i + 2 < colours.length; i += entrySize) {
    if (colours[i] !== colours[i + 1] || colours[i] !== colours[i + 2]) return false;
  }
  return true;
}

function hasZeros(colours: Uint8Array): boolean {
  for (let i = 3; i < colours.length; i += 4) if (colours[i] !== 0) return false;
  return true;
}
