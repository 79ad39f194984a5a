import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { BufferSource, SliceSource } from '../bytes/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { proofs } from '../ledger/terms.ts';
import type { Context, ExaminedMember } from './format.ts';
import { examineMember } from './member.ts';

/** Where a part of a file stands, and who looks at it. */
export interface Place extends Range {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

/** Examines a file that stands in this one as it is, and takes over what is proved of it. */
export function examineStored(place: Place, name: string): ExaminedMember | null {
  const { reader, ledger, context, start, end } = place;
  if (end <= start) return null;
  const member = new SliceSource(reader.source, start, end);
  const examined = examineMember(context, ledger, name, member, { start, end });
  if (examined !== null) ledger.adopt(examined.ledger, start);
  return examined;
}

/** The most bytes of pieces that are put together in memory. */
const MOST_JOINED = 32 << 20;

/** Examines a file that stands in this one in pieces, each as it is, and takes over what is proved of them. */
export function examinePieces(
  place: Omit<Place, 'start' | 'end'>,
  pieces: readonly Range[],
  name: string,
): void {
  const { reader, ledger, context } = place;
  const [first] = pieces;
  if (first === undefined) return;
  if (pieces.length === 1) {
    examineStored({ ...place, ...first }, name);
    return;
  }
  const size = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size > MOST_JOINED) {
    ledger.unexamined(first.start, pieces.at(-1)!.end, `${name} in pieces of more than 32 MiB together`);
    return;
  }
  const parts = pieces.flatMap(({ start, end }) =>
    Array.from(reader.stream(start, end), (part) => Buffer.from(part)),
  );
  const range = { start: first.start, end: pieces.at(-1)!.end };
  const examined = examineMember(context, ledger, name, new BufferSource(Buffer.concat(parts)), range);
  if (examined !== null) spread(ledger, examined.ledger, pieces);
}

/** Claims in the file what is claimed of the pieces put together. */
function spread(ledger: Ledger, joined: Ledger, pieces: readonly Range[]): void {
  let offset = 0;
  for (const { start, end } of pieces) {
    for (const segment of joined.segments()) {
      const from = Math.max(segment.start, offset) - offset + start;
      const to = Math.min(segment.end, offset + end - start) - offset + start;
      if (to > from) claim(ledger, segment.state, from, to, segment.by, segment.floor);
    }
    offset += end - start;
  }
}

function claim(ledger: Ledger, state: string, start: number, end: number, by: string, floor: number): void {
  if (state === 'raw') ledger.raw(start, end, by);
  else if (state === 'coded') ledger.coded(start, end, by);
  else if (isProof(state)) ledger.account(start, end, state, by, floor);
}

function isProof(state: string): state is (typeof proofs)[number] {
  return (proofs as readonly string[]).includes(state);
}
