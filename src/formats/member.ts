import { OverBudget } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
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
    return null;
  } finally {
    member.close();
  }
}
