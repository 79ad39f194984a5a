import { Broken } from '../../bytes/errors.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';

/** Vorbis comments (Vorbis I section 5): a vendor, and a list of texts, each behind its length. Gives where they end. */
export function accountComments({ reader, ledger, start, end }: Place): number {
  let at = accountOne(start, 'vendor');
  if (at + 4 > end) throw new Broken(at, 'count of comments', 'inside its block', end - at);
  const count = reader.u32le(at);
  ledger.account(at, at + 4, 'structure', 'count of comments');
  at += 4;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    at = accountOne(at, 'comment');
  }
  return at;

  function accountOne(from: number, by: string): number {
    if (from + 4 > end) throw new Broken(from, `length of ${by}`, 'inside its block', end - from);
    const text = from + 4;
    const length = reader.u32le(from);
    if (text + length > end) throw new Broken(from, `length of ${by}`, `at most ${end - text}`, length);
    ledger.account(from, text, 'structure', `length of ${by}`);
    accountTextOrRaw(reader, ledger, text, text + length, by);
    return text + length;
  }
}
