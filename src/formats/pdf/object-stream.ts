import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { BYTE_STRINGS } from './byte-strings.ts';
import { decodeWhole, filtersOf } from './filters.ts';
import { Lexer } from './lexer.ts';
import { parseValue } from './parser.ts';
import { rowLayoutOf, undoPredictor } from './predictor.ts';
import { locateData } from './stream-extent.ts';
import { asCount, countIn, type Dictionary, isDictionary, type PdfValue } from './values.ts';

/** Most bytes that a structural stream (object stream, cross-reference stream) may decode to. */
export const MOST_STRUCTURAL = 64 << 20;

/** A decoded object stream (ISO 32000-1 §7.5.7). */
export interface ObjectStream {
  /** Offset of its object in the file. */
  readonly at: number;
  readonly content: Reader;
  readonly count: number;
  readonly first: number;
}

/** Decodes the object stream whose dictionary begins at `dictionaryAt`. @throws Broken, OverBudget */
export function openObjectStream(reader: Reader, at: number, dictionaryAt: number): ObjectStream {
  const { dictionary, bytes } = decodeStructural(reader, dictionaryAt);
  return describeObjectStream(reader, at, dictionary, bytes);
}

/** @throws Broken when /N or /First can't be */
export function describeObjectStream(
  reader: Reader,
  at: number,
  dictionary: Dictionary,
  bytes: Uint8Array,
): ObjectStream {
  const count = countIn(dictionary, 'N');
  const first = countIn(dictionary, 'First');
  if (count === null || first === null || first > bytes.length || count > bytes.length) {
    throw new Broken(at, 'object stream', 'N and First inside its data', `${count} and ${first}`);
  }
  return { at, content: new Reader(new BufferSource(bytes), reader.meter), count, first };
}

/** The `index`-th object. @throws Broken */
export function objectIn({ content, count, first }: ObjectStream, index: number): PdfValue | undefined {
  if (index >= count) return undefined;
  const table = new Lexer(content, 0, first);
  for (let i = 0; i < index * 2 + 2; i++) if (table.next() !== 'number') return undefined;
  return parseValue(new Lexer(content, Math.min(first + table.value, content.size), content.size));
}

/**
 * Reads all objects of the stream, one after the other.
 * @throws Broken where numbers and objects don't agree, or a string is no text
 */
export function checkObjectStream(stream: ObjectStream): void {
  const { content, first } = stream;
  const wanted = offsetsOf(stream);
  const lexer = new Lexer(content, first, content.size);
  for (;;) {
    content.meter.step();
    lexer.skipSpace();
    const at = lexer.at;
    if (at >= content.size) break;
    if (parseValue(lexer, refuseRandom) === undefined)
      throw new Broken(at, 'object in a stream', 'a value', lexer.text);
    wanted.delete(at);
  }
  const [missed] = wanted;
  if (missed !== undefined) throw new Broken(missed, 'offset in an object stream', 'the start of an object');
}

/** Where the objects start, by the numbers before the first; blanks before an object don't count. */
function offsetsOf({ content, count, first }: ObjectStream): Set<number> {
  const table = new Lexer(content, 0, first);
  const offsets = new Set<number>();
  for (let i = 0; i < count; i++) {
    content.meter.step();
    nextCount(table, 'object number');
    const space = new Lexer(content, first + nextCount(table, 'object offset'), content.size);
    space.skipSpace();
    offsets.add(space.at);
  }
  if (table.next() !== 'end')
    throw new Broken(table.start, 'object stream', `${count} pairs of numbers`, table.text);
  return offsets;
}

function refuseRandom(lexer: Lexer, key: string): void {
  if (lexer.kind === 'string' && lexer.judge.random && !BYTE_STRINGS.has(key)) {
    throw new Broken(lexer.start, `string ${key}`.trim(), 'text', 'random bytes');
  }
}

function nextCount(lexer: Lexer, what: string): number {
  const value = lexer.next() === 'number' ? asCount(lexer.value) : null;
  if (value === null) throw new Broken(lexer.start, what, 'a whole number', lexer.text);
  return value;
}

/** A structural stream, decoded and freed from predictors. Its /Length must be direct. @throws Broken */
export function decodeStructural(reader: Reader, dictionaryAt: number) {
  const lexer = new Lexer(reader, dictionaryAt, reader.size);
  const dictionary = parseValue(lexer);
  if (!isDictionary(dictionary)) throw new Broken(dictionaryAt, 'stream dictionary', '<<');
  if (lexer.next() !== 'word' || lexer.text !== 'stream')
    throw new Broken(lexer.start, 'stream', 'stream', lexer.text);
  const extent = locateData(reader, lexer.at, countIn(dictionary, 'Length'));
  return { dictionary, bytes: decodeChain(reader, dictionary, extent.start, extent.end), at: extent.start };
}

/** All filters of a structural stream undone. @throws Broken, OverBudget */
export function decodeChain(reader: Reader, dictionary: Dictionary, start: number, end: number): Uint8Array {
  let bytes: Uint8Array | null = null;
  for (const filter of filtersOf(dictionary, (value) => value ?? null)) {
    const source: Reader = bytes === null ? reader : new Reader(new BufferSource(bytes), reader.meter);
    const decoded = decodeWhole(
      filter,
      source,
      bytes === null ? start : 0,
      bytes === null ? end : bytes.length,
      MOST_STRUCTURAL,
    );
    bytes = undoPredictor(decoded.bytes, rowLayoutOf(filter.parameters));
  }
  return bytes ?? readWhole(reader, start, end);
}

function readWhole(reader: Reader, start: number, end: number): Uint8Array {
  return reader.whole(start, Math.min(end, start + MOST_STRUCTURAL));
}
