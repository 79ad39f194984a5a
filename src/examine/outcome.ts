import type { Range } from '../bytes/range.ts';
import type { MemberOutcome } from '../ledger/observation.ts';
import type { Examination } from './examination.ts';

/** What a container's ledger notes of a file inside it. */
export function toOutcome(name: string, size: number, range: Range, examined: Examination): MemberOutcome {
  const { evidence, judgement } = examined;
  return {
    name,
    start: range.start,
    end: range.end,
    size,
    format: evidence.identity.format?.id ?? evidence.identity.magic?.id ?? null,
    verdict: judgement.verdict,
    floor: judgement.floor,
    opaque: opaqueBytes(examined),
    reasons: judgement.reasons,
  };
}

/** Bytes for which nothing speaks: no proof, no contrast, no owner's seal, and none in members that are opaque. */
function opaqueBytes({ evidence: { ledger } }: Examination): number {
  const totals = ledger.totals();
  return totals.unaccounted + totals.raw + totals.coded + ledger.opaqueMemberBytes;
}
