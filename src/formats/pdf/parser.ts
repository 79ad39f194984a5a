import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Lexer } from './lexer.ts';
import { isArray, Name, type PdfValue, Reference, Text } from './values.ts';

const DEEPEST = 256;
const MOST_VALUES = 500_000;

/** Called for each string with the key of the dictionary entry that holds it; the lexer has the details. */
export type OnString = (lexer: Lexer, key: string) => void;

interface Open {
  readonly items: PdfValue[];
  readonly closing: ']' | '>>';
  /** The dictionary key under which the container stands. */
  readonly key: string;
}

const ignore: OnString = () => {};

/**
 * Reads one object (ISO 32000-1 §7.3) that begins with the next token. Containers are kept on a stack
 * of our own: depth can't exhaust the engine's.
 * @returns the value; `undefined` where the next token begins no object (the lexer has that token)
 * @throws Broken, Truncated, OverBudget
 */
export function parseValue(lexer: Lexer, onString: OnString = ignore): PdfValue | undefined {
  const stack: Open[] = [];
  for (let count = 0; ; count++) {
    if (count > MOST_VALUES) throw new OverBudget('values of one PDF object', MOST_VALUES);
    lexer.next();
    const innermost = stack.at(-1);
    const opened = openContainer(lexer, innermost);
    if (opened !== null) {
      stack.push(opened);
      if (stack.length > DEEPEST) throw new OverBudget('nesting of one PDF object', DEEPEST);
      continue;
    }
    const value = closes(lexer, innermost)
      ? close(lexer, stack.pop()!)
      : readScalar(lexer, innermost, onString);
    const holder = stack.at(-1);
    if (holder === undefined) return value;
    if (value !== undefined) holder.items.push(value);
  }
}

function openContainer(lexer: Lexer, holder: Open | undefined): Open | null {
  if (lexer.kind !== 'punctuation') return null;
  if (lexer.text === '[') return { items: [], closing: ']', key: keyOf(holder) };
  return lexer.text === '<<' ? { items: [], closing: '>>', key: keyOf(holder) } : null;
}

function closes(lexer: Lexer, holder: Open | undefined): boolean {
  return lexer.kind === 'punctuation' && holder?.closing === lexer.text;
}

function close(lexer: Lexer, { items, closing }: Open): PdfValue {
  if (closing === ']') return items;
  const entries = new Map<string, PdfValue>();
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i];
    if (!(key instanceof Name)) throw new Broken(lexer.start, 'dictionary key', 'a name', typeof key);
    if (i + 1 === items.length)
      throw new Broken(lexer.start, 'dictionary', 'a value', `none for ${key.name}`);
    entries.set(key.name, items[i + 1]!);
  }
  return entries;
}

function readScalar(lexer: Lexer, holder: Open | undefined, onString: OnString): PdfValue | undefined {
  switch (lexer.kind) {
    case 'number':
      return lexer.value;
    case 'name':
      return new Name(lexer.text);
    case 'string':
    case 'hex':
      onString(lexer, keyOf(holder));
      return new Text(lexer.text, lexer.length);
    case 'word':
      return readWord(lexer, holder);
    default:
      if (holder === undefined) return undefined;
      throw new Broken(lexer.start, 'object', holder.closing, lexer.text || 'end');
  }
}

function readWord(lexer: Lexer, holder: Open | undefined): PdfValue | undefined {
  if (lexer.text === 'null') return null;
  if (lexer.text === 'true' || lexer.text === 'false') return lexer.text === 'true';
  if (holder === undefined) return undefined;
  if (lexer.text !== 'R') throw new Broken(lexer.start, 'object', 'a value', lexer.text);
  const generation = holder.items.pop();
  const object = holder.items.pop();
  if (typeof object !== 'number' || typeof generation !== 'number') {
    throw new Broken(lexer.start, 'reference', 'two numbers before R');
  }
  holder.items.push(new Reference(object, generation));
  return undefined;
}

/** In a dictionary its latest key; in an array that of the array, or `Indexed` for a palette (§8.6.6.3). */
function keyOf(holder: Open | undefined): string {
  if (holder === undefined) return '';
  if (holder.closing === '>>') {
    const key = holder.items.at(-1);
    return holder.items.length % 2 === 1 && key instanceof Name ? key.name : '';
  }
  const first = isArray(holder.items) ? holder.items[0] : undefined;
  const indexed = first instanceof Name && (first.name === 'Indexed' || first.name === 'I');
  return indexed ? 'Indexed' : holder.key;
}
