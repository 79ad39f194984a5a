import { Broken } from '../../bytes/errors.ts';
import { complement, type Range } from '../../bytes/range.ts';
import { SliceSource } from '../../bytes/source.ts';
import { examineMember } from '../member.ts';
import { isZeroFilled } from '../tail.ts';
import type { Desk } from './entry.ts';
import { proveLooseEntries } from './loose-entry.ts';
import { accountSigningBlock } from './signing-block.ts';

/**
 * Looks at what no entry takes: bytes before the first one, holes between, and what stands before the directory.
 * Notes entries that overlap.
 * @param taken ranges of the entries and of the directory, in order of their start
 */
export function verifyGaps(desk: Desk, taken: readonly Range[], whole: Range): void {
  const apart = withoutOverlaps(desk, taken);
  for (const gap of complement(apart, whole)) {
    desk.reader.meter.step();
    if (gap.start === 0) verifyPrefix(desk, gap);
    else verifyHole(desk, gap);
  }
}

function withoutOverlaps({ ledger }: Desk, taken: readonly Range[]): Range[] {
  const apart: Range[] = [];
  let reached = 0;
  for (const { start, end } of taken) {
    if (start < reached)
      ledger.broken(new Broken(start, 'entry', 'one that overlaps no other', `the one up to ${reached}`));
    if (end > reached) apart.push({ start: Math.max(start, reached), end });
    reached = Math.max(reached, end);
  }
  return apart;
}

/** A program that unpacks itself, a script, or the mark of an archive that was split once (APPNOTE §8.5.4). */
function verifyPrefix(desk: Desk, gap: Range): void {
  const { reader, ledger, context } = desk;
  const { start, end } = gap;
  if (end - start === 4 && (reader.has(start, 'PK00') || reader.has(start, 'PK\x07\x08'))) {
    ledger.account(start, end, 'structure', 'mark of a split archive');
    return;
  }
  if (accountZeros(desk, gap) || proveLooseEntries(desk, gap) > 0) return;
  const examined = examineMember(context, ledger, '', new SliceSource(reader.source, start, end), gap);
  if (examined !== null) ledger.adopt(examined.ledger, start);
  ledger.oddity(start, `${end - start} bytes before the archive`);
}

function verifyHole(desk: Desk, gap: Range): void {
  if (accountZeros(desk, gap) || accountSigningBlock(desk, gap)) return;
  const proved = proveLooseEntries(desk, gap);
  if (proved > 0) desk.ledger.oddity(gap.start, `${proved} entries that the directory does not list`);
  else desk.ledger.unexamined(gap.start, gap.end, 'bytes between entries that belong to none');
}

function accountZeros({ reader, ledger }: Desk, { start, end }: Range): boolean {
  if (!isZeroFilled(reader, start, end)) return false;
  ledger.account(start, end, 'padding', 'zeros between entries');
  return true;
}
