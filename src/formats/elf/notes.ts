import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Words } from './words.ts';

/** Walks notes (gABI, "Note Section"): sizes, owner's name, then a description of the owner's. @throws Broken */
export function accountNotes(
  words: Words,
  ledger: Ledger,
  start: number,
  end: number,
  alignment: number,
): void {
  const step = alignment === 8 ? 8 : 4;
  let at = start;
  while (at + 12 <= end) {
    words.reader.meter.step();
    const nameSize = words.u32(at);
    const size = words.u32(at + 4);
    const contentAt = alignUp(at + 12 + nameSize - start, step) + start;
    const next = alignUp(contentAt + size - start, step) + start;
    if (nameSize > 256 || contentAt + size > end)
      throw new Broken(at, 'size of a note', `at most ${end - at}`, nameSize + size);
    ledger.account(at, at + 12, 'structure', 'note');
    ledger.account(at + 12, Math.min(contentAt, end), 'structure', 'owner of a note', 8);
    ledger.raw(contentAt, Math.min(next, end), 'note');
    at = next;
  }
}

function alignUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
