import type { Range } from '../bytes/range.ts';
import { Ledger } from '../ledger/ledger.ts';
import { proofs } from '../ledger/terms.ts';

/** Takes over what `part` says of one of its ranges, which stands at `at` in the file of `ledger`. */
export function adoptAt(ledger: Ledger, part: Ledger, { start, end }: Range, at: number): void {
  const cut = new Ledger(end - start);
  for (const segment of part.segments()) {
    const from = Math.max(segment.start, start) - start;
    const to = Math.min(segment.end, end) - start;
    if (to <= from) continue;
    const { state, by, floor } = segment;
    const proof = proofs.find((name) => name === state);
    if (proof !== undefined) cut.account(from, to, proof, by, floor);
    else if (state === 'raw') cut.raw(from, to, by);
    else if (state === 'coded') cut.coded(from, to, by);
  }
  ledger.adopt(cut, at);
}
