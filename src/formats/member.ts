import { OverBudget } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MemberOutcome } from '../ledger/observation.ts';
import type { Context, ExaminedMember } from './format.ts';

/**
 * Examines a file inside the file and closes it. One that lies too deep is noted as unexamined, so that its
 * neighbours still are; null then.
 */
export function examineMember(
  context: Context,
  ledger: Ledger,
  name: string,
  member: ByteSource,
  range: Range,
): ExaminedMember | null {
  try {
    return context.examine(name, member, range);
  } catch (error) {
    if (!(error instanceof OverBudget) || error.limit !== 'nesting depth') throw error;
    ledger.unexamined(range.start, range.end, error.message);
    ledger.member(unlooked(name, member.size, range, error.message));
    return null;
  } finally {
    member.close();
  }
}

/** Nothing speaks for any byte of a member that nobody looked into. */
function unlooked(name: string, size: number, { start, end }: Range, why: string): MemberOutcome {
  const reasons = [{ code: 'U401', text: why, at: null }];
  return {
    name,
    start,
    end,
    size,
    format: null,
    verdict: 'unproved',
    floor: size + 1,
    opaque: size,
    reasons,
  };
}
