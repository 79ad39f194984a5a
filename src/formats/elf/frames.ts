import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Words } from './words.ts';

/** Longer records leave so much open between their length fields that contrast must look at them. */
const LONGEST = 1024;

/**
 * Walks call frame information (LSB, "Exception Frames"): a chain of records, each a CIE or an FDE that points back
 * to one. @throws Broken
 */
export function accountFrames(words: Words, ledger: Ledger, start: number, end: number): void {
  const common = new Set<number>();
  let longest = 8;
  for (let at = start; at + 4 <= end; ) {
    words.reader.meter.step();
    const length = words.u32(at);
    // Relocatable files are walked too: lengths and pointers back need no relocation. Zero ends a part.
    if (length === 0) {
      at += 4;
      continue;
    }
    if (length === 0xffffffff || at + 4 + length > end)
      throw new Broken(at, 'length of a frame record', `at most ${end - at - 4}`, length);
    const pointer = words.u32(at + 4);
    if (pointer === 0) common.add(at);
    else if (!common.has(at + 4 - pointer))
      throw new Broken(at + 4, 'pointer to a CIE', 'one before', pointer);
    longest = Math.max(longest, length + 4);
    at += 4 + length;
  }
  if (longest > LONGEST) ledger.raw(start, end, 'call frames');
  else ledger.account(start, end, 'structure', 'call frames', longest + 8);
}
