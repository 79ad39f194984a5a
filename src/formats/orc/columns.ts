import { Broken } from '../../bytes/errors.ts';
import {
  countBits,
  countVarints,
  type Integers,
  readByteRuns,
  readIntegersV1,
  readIntegersV2,
} from './integers.ts';

/** Kinds of streams (orc_proto.proto, Stream). */
export const PRESENT = 0;
export const DATA = 1;
export const LENGTH = 2;
export const DICTIONARY_DATA = 3;
export const SECONDARY = 5;

/** A column as type and encoding describe it. */
export interface Column {
  readonly kind: number;
  readonly children: readonly number[];
  readonly usesDictionary: boolean;
  /** Of run lengths: 1 or 2. */
  readonly version: number;
  readonly dictionarySize: number;
}

/** Looks into a stream's content: gives what it found. @throws Broken; offsets count from its start */
export type Look<T> = (content: Uint8Array) => T;

/** The streams of a stripe. */
export interface Streams {
  has(column: number, kind: number): boolean;
  /** Lets `look` see the stream; null where that isn't possible, or contradicts. An absent stream is empty. */
  look<T>(column: number, kind: number, look: Look<T>): T | null;
}

/**
 * Checks that each column has as many values as its parent demands (ORC specification v1, Column Encodings). Types stand
 * in pre-order, so that parents come first.
 */
export function checkColumns(columns: readonly Column[], rows: number, streams: Streams): void {
  const counts = new Map<number, number | null>([[0, rows]]);
  columns.forEach((column, id) => {
    const count = counts.get(id) ?? null;
    const present = count === null ? null : presentOf(id, count, streams);
    if (present === null) return;
    const below = checkColumn(column, id, present, streams);
    column.children.forEach((child, i) => {
      counts.set(child, below?.[i] ?? null);
    });
  });
}

/** How many values aren't null. */
function presentOf(id: number, count: number, streams: Streams): number | null {
  if (!streams.has(id, PRESENT)) return count;
  return streams.look(id, PRESENT, (content) => countBits(readBits(content, count), count));
}

function readBits(content: Uint8Array, count: number): Uint8Array {
  return readBytes(content, Math.ceil(count / 8));
}

function readBytes(content: Uint8Array, count: number): Uint8Array {
  const bytes = readByteRuns(content, 0, count);
  expectCount(bytes.length, count);
  return bytes;
}

function expectCount(found: number, count: number): void {
  if (found !== count) throw new Broken(0, 'values of a stream', count, found);
}

type Check = (
  column: Column,
  id: number,
  count: number,
  streams: Streams,
) => readonly (number | null)[] | null;

/** By kind of type (orc_proto.proto, Type.Kind). What they give are the counts of the children. */
const checks: Readonly<Record<number, Check>> = {
  0: (_column, id, count, streams) => leaf(streams, id, (content) => readBits(content, count)),
  1: (_column, id, count, streams) => leaf(streams, id, (content) => readBytes(content, count)),
  2: checkIntegers,
  3: checkIntegers,
  4: checkIntegers,
  5: (_column, id, count, streams) => leaf(streams, id, ({ length }) => expectCount(length, 4 * count)),
  6: (_column, id, count, streams) => leaf(streams, id, ({ length }) => expectCount(length, 8 * count)),
  7: checkTexts,
  8: checkTexts,
  9: checkTimes,
  10: checkLists,
  11: checkLists,
  12: ({ children }, _id, count) => children.map(() => count),
  13: checkUnion,
  14: checkDecimals,
  15: checkIntegers,
  16: checkTexts,
  17: checkTexts,
  18: checkTimes,
  19: checkTexts,
  20: checkTexts,
};

function checkColumn(
  column: Column,
  id: number,
  count: number,
  streams: Streams,
): readonly (number | null)[] | null {
  return checks[column.kind]?.(column, id, count, streams) ?? null;
}

function leaf(streams: Streams, id: number, look: Look<unknown>): null {
  streams.look(id, DATA, look);
  return null;
}

function integers({ version }: Column, count: number, isSigned: boolean): Look<Integers> {
  return (content) => {
    const found = version === 1 ? readIntegersV1(content, 0) : readIntegersV2(content, 0, isSigned);
    expectCount(found.count, count);
    return found;
  };
}

function checkIntegers(column: Column, id: number, count: number, streams: Streams): null {
  return leaf(streams, id, integers(column, count, true));
}

function checkTimes(column: Column, id: number, count: number, streams: Streams): null {
  streams.look(id, SECONDARY, integers(column, count, false));
  return leaf(streams, id, integers(column, count, true));
}

function checkTexts(column: Column, id: number, count: number, streams: Streams): null {
  const { usesDictionary, dictionarySize } = column;
  const lengths = streams.look(id, LENGTH, integers(column, usesDictionary ? dictionarySize : count, false));
  if (lengths === null) return null;
  const look: Look<void> = ({ length }) => expectCount(length, lengths.sum);
  if (!usesDictionary) return leaf(streams, id, look);
  streams.look(id, DICTIONARY_DATA, look);
  return leaf(streams, id, (content) => {
    const { most } = integers(column, count, false)(content);
    if (count > 0 && most >= dictionarySize)
      throw new Broken(0, 'number of a word', `less than ${dictionarySize}`, most);
  });
}

/** The unfinished version 2 keeps decimals as integers, without a scale for each. */
function checkDecimals(column: Column, id: number, count: number, streams: Streams): null {
  if (!streams.has(id, SECONDARY) && count > 0)
    return leaf(streams, id, integers({ ...column, version: 2 }, count, true));
  streams.look(id, SECONDARY, integers(column, count, true));
  return leaf(streams, id, (content) => expectCount(countVarints(content, 0), count));
}

function checkLists(column: Column, id: number, count: number, streams: Streams): (number | null)[] {
  const below = streams.look(id, LENGTH, integers(column, count, false))?.sum ?? null;
  return column.children.map(() => below);
}

function checkUnion({ children }: Column, id: number, count: number, streams: Streams): (number | null)[] {
  const tags = streams.look(id, DATA, (content) => {
    const bytes = readBytes(content, count);
    const wrong = bytes.find((tag) => tag >= children.length);
    if (wrong !== undefined) throw new Broken(0, 'tag of a union', `less than ${children.length}`, wrong);
    return bytes;
  });
  return children.map((_, tag) => tags?.reduce((sum, each) => sum + (each === tag ? 1 : 0), 0) ?? null);
}
