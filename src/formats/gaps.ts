import { complement, type Range, union } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountSlack } from './slack.ts';
import { isZeroFilled } from './tail.ts';

/** Zeros that only round up to the next multiple of so many bytes are demanded by the formats that have them. */
const ALIGNMENT = 64;

/** Accounts for what of `whole` no part covers: short zeros as alignment, longer ones as slack, other bytes stay raw. */
export function accountGaps(
  reader: Reader,
  ledger: Ledger,
  parts: readonly Range[],
  whole: Range,
  by = 'room between parts',
): void {
  for (const { start, end } of complement(union(parts), whole)) {
    reader.meter.step();
    if (end - start < ALIGNMENT && isZeroFilled(reader, start, end)) {
      ledger.account(start, end, 'padding', 'zeros that align');
    } else accountSlack(reader, ledger, start, end, by);
  }
}
