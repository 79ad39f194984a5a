import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Whether [start, end) holds zeros only. */
export function isZeroFilled(reader: Reader, start: number, end: number): boolean {
  return reader.endOfRun(start, 0, end) >= end;
}

/** What stands behind the format's own end: zeros are padding, as tapes and block devices leave it; the rest is not. */
export function accountTail(reader: Reader, ledger: Ledger, end: number): void {
  if (end >= reader.size) return;
  if (!isZeroFilled(reader, end, reader.size)) {
    ledger.trailing(end, reader.size);
    return;
  }
  ledger.account(end, reader.size, 'padding', 'zeros behind the end');
  ledger.oddity(end, `${reader.size - end} zeros behind the end`);
}
