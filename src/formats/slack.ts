import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isZeroFilled } from './tail.ts';

/**
 * Zeros that a format doesn't demand: other bytes there would be raw, and random ones among them are told by
 * statistics from this length on, in bytes, in formats of plain texture.
 */
export const SLACK_FLOOR = 512;

/** Accounts for room that writers leave unused: zeros mostly, else leftovers, which stay raw. */
export function accountSlack(reader: Reader, ledger: Ledger, start: number, end: number, by: string): void {
  if (end <= start) return;
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', by, SLACK_FLOOR);
  else ledger.raw(start, end, by);
}
