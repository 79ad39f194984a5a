import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { Stream } from '../stream.ts';
import type { Width } from '../text-piece.ts';
import type { Fib } from './fib.ts';

/** A piece of text in the main stream. */
export interface Piece extends Range {
  readonly width: Width;
}

const WORD_97 = 0xc1;
const PROPERTIES = 1;
const TABLE = 2;
const COMPRESSED = 0x40000000;
const DESCRIPTOR = 8;

/** The pieces of a document's text (MS-DOC §2.4.1). @throws Broken where the piece table is none */
export function readPieces(main: Stream, fib: Fib, table: Stream | null): Piece[] {
  const isOld = fib.version < WORD_97;
  if (isOld && !fib.isComplex) {
    return fib.textEnd <= main.size ? [{ start: fib.textStart, end: fib.textEnd, width: 'narrow' }] : [];
  }
  const home = isOld ? main : table;
  if (home === null || fib.clxLength === 0) return [];
  const end = fib.clxStart + fib.clxLength;
  if (end > home.size) throw new Broken(0, 'piece table', `within ${home.size} bytes`, `up to ${end}`);
  const at = skipProperties(home, fib.clxStart, end);
  const length = home.reader.u32le(at + 1, 'piece table');
  const count = (length - 4) / (4 + DESCRIPTOR);
  if (!Number.isInteger(count) || at + 5 + length > end)
    throw new Broken(0, 'piece table', `at most ${end - at - 5} bytes`, length);
  return Array.from({ length: count }, (_, i) => readPiece(main, home, at + 5, count, i, isOld));
}

function skipProperties({ reader }: Stream, start: number, end: number): number {
  let at = start;
  while (at + 5 <= end && reader.u8(at) === PROPERTIES) {
    reader.meter.step();
    at += 3 + reader.u16le(at + 1);
  }
  if (at + 5 > end || reader.u8(at) !== TABLE) throw new Broken(0, 'piece table', 'type 2', 'another');
  return at;
}

function readPiece(
  main: Stream,
  home: Stream,
  at: number,
  count: number,
  index: number,
  isOld: boolean,
): Piece {
  const { reader } = home;
  reader.meter.step();
  const characters = reader.u32le(at + 4 * index + 4) - reader.u32le(at + 4 * index);
  const where = reader.u32le(at + 4 * (count + 1) + DESCRIPTOR * index + 2);
  const isNarrow = isOld || (where & COMPRESSED) !== 0;
  const start = isOld ? where : isNarrow ? (where & ~COMPRESSED) / 2 : where;
  const end = start + characters * (isNarrow ? 1 : 2);
  if (characters < 0 || start < 0 || end > main.size)
    throw new Broken(0, 'piece of text', `within ${main.size} bytes`, `${start} to ${end}`);
  return { start, end, width: isNarrow ? 'narrow' : 'wide' };
}
