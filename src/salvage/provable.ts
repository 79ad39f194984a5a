import { type Range, union } from '../bytes/range.ts';
import type { Examination } from '../examine/examination.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { State } from '../ledger/segment.ts';

export interface Provability {
  readonly proof: string;
  readonly floor: number;
}

/** Contrast says "not ciphertext", not "unchanged": it proves no copy. */
export const strong: readonly State[] = ['checksum', 'decoder', 'grammar', 'structure', 'padding'];

/** What the examination of a piece proves of it; null where that isn't all of its bytes, unchanged. */
export function provenByItself({ evidence, judgement }: Examination): Provability | null {
  if (judgement.verdict !== 'intact' || evidence.size === 0) return null;
  const totals = evidence.ledger.totals();
  if (totals.contrast + totals.raw + totals.coded + totals.unaccounted > 0) return null;
  const title = evidence.identity.format?.title ?? 'its own format';
  return { proof: `every byte accounted for as ${title}`, floor: judgement.floor };
}

/** What the container proves of a range: a checksum over all of it; null where it has none. */
export function provenByContainer(ledger: Ledger, { start, end }: Range): Provability | null {
  const within = ledger.segments().filter((segment) => segment.start < end && segment.end > start);
  if (within.length === 0 || within.some(({ state }) => state !== 'checksum')) return null;
  return { proof: within[0]!.by, floor: 1 };
}

/** Whether ciphertext, or a sign of it, stands in the piece: a checksum over ciphertext proves ciphertext. */
export function isTainted({ judgement: { verdict } }: Examination): boolean {
  return verdict === 'encrypted' || verdict === 'suspect' || verdict === 'damaged' || verdict === 'unread';
}

/** Ranges of the file that are proved, joined. */
export function untouchedRanges(ledger: Ledger): Range[] {
  return union(ledger.ranges(...strong, 'contrast'));
}
