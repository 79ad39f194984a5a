import { complement, type Range, union } from '../../bytes/range.ts';
import { examineEmbedded } from './embedded.ts';
import { accountOpaque } from './leftovers.ts';
import type { Part } from './part.ts';
import { examineAt } from './unknown.ts';

/** Claims what a verifier has not accounted for, up to a contradiction, and from its end where that is known. */
export function accountRest(part: Part): void {
  const { ledger, reader, name } = part.stream;
  for (const range of openRanges(part)) examineEmbedded(part, range);
  for (const range of openRanges(part)) accountOpaque(reader, ledger, range, name);
}

function openRanges({ stream: { ledger, size } }: Part): Range[] {
  const lost: Range[] = [];
  for (const one of ledger.observations) {
    if (one.kind === 'broken') lost.push({ start: one.at, end: one.end ?? size });
  }
  return ledger.ranges('unaccounted').flatMap((open) => complement(union(lost), open));
}

/** Thumbnail caches have a header of 12, 16 or 24 bytes before each picture. */
const HEADERS = [0, 12, 16, 24];

/** A stream that only its program knows: a file of a known type, or bytes that contrast or don't. */
export function verifyUnknown(part: Part): void {
  const { size, name } = part.stream;
  HEADERS.some((at) => at < size && examineAt(part, at, size, name));
  accountRest(part);
}
