import type { Range } from '../bytes/range.ts';
import type { Ledger } from '../ledger/ledger.ts';

/**
 * Accounts for a stream that decodes to its exact end but has no checksum: random bytes change what it decodes to, and
 * are noticed only where they make something illegal. Where it keeps bytes as they are, nothing would be noticed.
 * @param floor the shortest random run, in bytes, that the decoder notices with probability ≥ 1 − 10⁻⁶
 */
export function accountDecoded(
  ledger: Ledger,
  { start, end }: Range,
  stored: readonly Range[],
  by: string,
  floor = LONG_RUN,
): void {
  let at = start;
  for (const part of stored) {
    ledger.account(at, Math.max(at, part.start), 'decoder', by, floor);
    ledger.coded(Math.max(at, part.start), Math.min(end, part.end), `${by}: stored as it is`);
    at = Math.min(end, part.end);
  }
  ledger.account(at, end, 'decoder', by, floor);
}

/** Entropy coders fall into step again: no run of a few KiB is noticed for certain. */
export const LONG_RUN = 1 << 20;
