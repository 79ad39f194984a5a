import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Box, readBox } from './boxes.ts';

/** Says where the children of a box begin; null for a box that has none. */
export type Opener = (box: Box, ancestors: readonly Box[]) => number | null;

/** What is done with a box: leaves are accounted for, containers noted. */
export type Visitor = (box: Box, ancestors: readonly Box[], isLeaf: boolean) => void;

const DEEPEST = 24;

/**
 * Visits the boxes of [start, end) in order, each before its children, and accounts for their headers. A box that
 * contradicts its parent is noted, and the next box behind the parent follows.
 */
export function walkTree(
  { reader, ledger }: { readonly reader: Reader; readonly ledger: Ledger },
  { start, end }: { readonly start: number; readonly end: number },
  open: Opener,
  visit: Visitor,
): void {
  const parents: Box[] = [];
  for (let at = start; at < end || parents.length > 0; ) {
    reader.meter.step();
    const limit = parents.at(-1)?.end ?? end;
    if (limit - at < 8) {
      accountTerminator(reader, ledger, at, limit);
      at = limit;
      if (parents.pop() === undefined) return;
      continue;
    }
    const box = tryReadBox(reader, ledger, at, limit, parents.at(-1));
    if (box === null) {
      if (parents.pop() === undefined) return;
      at = limit;
      continue;
    }
    at = enter(box);
  }

  function enter(box: Box): number {
    ledger.account(box.start, box.body, 'structure', 'box header', 8);
    const inside = parents.length < DEEPEST ? open(box, parents) : null;
    visit(box, parents, inside === null);
    if (inside === null || inside > box.end) return box.end;
    parents.push(box);
    return inside;
  }
}

/** Boxes of QuickTime and of cameras may hold other things than their name says. */
const loose = new Set(['udta', 'wave', 'ilst', 'meta', 'free', 'gmhd', 'tref']);

function tryReadBox(
  reader: Reader,
  ledger: Ledger,
  at: number,
  end: number,
  parent: Box | undefined,
): Box | null {
  try {
    return readBox(reader, at, end);
  } catch (error) {
    if (!(error instanceof Broken) || parent === undefined) throw error;
    if (loose.has(parent.type) || /^[a-z0-9]{4}$/i.test(parent.type) === false) {
      ledger.raw(at, end, `rest of ${parent.type}`);
      ledger.oddity(at, `${parent.type} holds something else than boxes`);
    } else ledger.broken(error, end);
    return null;
  }
}

/** QuickTime ends user data with 32 bits of zeros. */
function accountTerminator(reader: Reader, ledger: Ledger, start: number, end: number): void {
  if (end <= start) return;
  if (reader.bytes(start, end - start).every((byte) => byte === 0))
    ledger.account(start, end, 'padding', 'terminator');
}
