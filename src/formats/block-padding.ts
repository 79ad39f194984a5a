import { Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountSlack } from './slack.ts';
import { isZeroFilled } from './tail.ts';

/**
 * Accounts for what fills up the last block; gives where the next one begins. Writers that don't clear their buffers
 * leave what was in them before.
 */
export function accountPadding(
  reader: Reader,
  ledger: Ledger,
  start: number,
  block: number,
  base = 0,
): number {
  const end = base + Math.ceil((start - base) / block) * block;
  const present = Math.min(end, reader.size);
  accountSlack(reader, ledger, start, present, 'room up to the next block');
  if (!isZeroFilled(reader, start, present)) ledger.oddity(start, 'leftovers behind the data of a member');
  if (end > reader.size) ledger.broken(new Truncated(reader.size, 'padding of a member', end - reader.size));
  return end;
}
