import type { Ledger } from '../../ledger/ledger.ts';

/**
 * Of the fields that stand once at most six bytes stand together (both attributes; of them random ones pass once in
 * thousands of times), between fields that are fixed or stand twice: three bytes of random on either side may fit.
 */
const FLOOR = 13;

/**
 * Accounts for a part of an entry's header, or of an extra field that its other copy, or the entry, agrees with. All
 * have one name and one floor, so that the ledger keeps one range for a whole directory.
 */
export function accountHeader(ledger: Ledger, start: number, end: number): void {
  ledger.account(start, end, 'structure', 'header', FLOOR);
}
