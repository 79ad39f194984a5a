import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** The scripts of Europe and the Near East: 1536 of 65536 units. */
const MOST_UNIT = 0x600;
/** Of random pairs, 2.3 % stay below: 0.023 to the fourth is 3·10⁻⁷, and an odd byte is cut at each edge. */
const FLOOR = 10;

/** Accounts for little-endian UTF-16 text of European scripts, if it is that; zeros may end it. */
export function accountUtf16(
  reader: Reader,
  ledger: Ledger,
  start: number,
  end: number,
  by: string,
): boolean {
  const length = (end - start) & ~1;
  if (length < 4 || length > 1 << 20) return false;
  const bytes = reader.bytes(start, length);
  for (let at = 0; at < length; at += 2) {
    const unit = bytes[at]! | (bytes[at + 1]! << 8);
    if (unit >= MOST_UNIT || (unit < 0x20 && unit !== 0 && unit !== 9 && unit !== 10 && unit !== 13))
      return false;
  }
  ledger.account(start, start + length, 'grammar', by, FLOOR);
  return true;
}
