import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountSlack } from '../slack.ts';
import { examineStored } from '../stored.ts';
import {
  delimiterOf,
  type Element,
  type Encoding,
  isSequence,
  isText,
  readElement,
  UNDEFINED,
} from './elements.ts';

const META = 132;
const DEFLATED = '1.2.840.10008.1.2.1.99';
const explicitLittle: Encoding = { isExplicit: true, isBig: false };
/** Transfer syntaxes that aren't explicit little-endian (PS3.5, annex A). */
const encodings: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2': { isExplicit: false, isBig: false },
  '1.2.840.10008.1.2.2': { isExplicit: true, isBig: true },
};
const printable = /^[\x20-\x7e]*\0?$/;
const MOST_TEXT = 1 << 16;

interface Walk {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

export const dicom: Format = {
  id: 'dicom',
  title: 'DICOM',
  extensions: [],
  signatures: [{ at: 128, hex: '4449434d' }],
  spec: 'DICOM PS3.10, section 7.1; PS3.5, section 7',
  proof:
    'elements follow each other by tag and length to the end; text by its characters, pixels by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    accountSlack(reader, ledger, 0, 128, 'preamble');
    ledger.account(128, META, 'structure', 'magic', 4);
    const walk = { reader, ledger, context };
    const { end, syntax } = walkMeta(walk);
    if (syntax === DEFLATED) ledger.coded(end, reader.size, 'deflated elements');
    else walkElements(walk, end, findEncoding(walk, end, syntax));
  },
};

/** Group 2 is explicit little-endian in every file, and names how the rest is written. */
function walkMeta(walk: Walk): { end: number; syntax: string } {
  const { reader } = walk;
  let syntax = '';
  let at = META;
  while (at < reader.size && reader.u16le(at, 'group') === 2) {
    const element = readElement(reader, at, explicitLittle);
    at = accountValue(walk, element, reader.size);
    if (element.element === 0x0010)
      syntax = reader.latin1(element.valueAt, Math.min(element.length, 64)).replace(/[\0 ]+$/, '');
  }
  if (at === META) throw new Broken(META, 'file meta information', 'group 2', reader.u16le(META));
  return { end: at, syntax };
}

/** Some writers name an explicit transfer syntax, and write the elements implicitly all the same. */
function findEncoding({ reader, ledger }: Walk, at: number, syntax: string): Encoding {
  const named = encodings[syntax] ?? explicitLittle;
  if (!named.isExplicit || at + 6 > reader.size || /^[A-Z]{2}$/.test(reader.latin1(at + 4, 2))) return named;
  ledger.oddity(at, 'elements without value representation, though the transfer syntax has them');
  return { isExplicit: false, isBig: false };
}

/** Walks sequences and items without recursion: `open` has what is around, and where it ends if it says so. */
function walkElements(walk: Walk, start: number, encoding: Encoding): void {
  const { reader, ledger } = walk;
  const open: number[] = [];
  let last = -1;
  for (let at = start; at < reader.size; ) {
    while (open.at(-1) === at) open.pop();
    const limit = open.findLast((end) => end !== UNDEFINED) ?? reader.size;
    const element = readElement(reader, at, encoding);
    const delimiter = delimiterOf(element);
    if (open.length === 0) last = expectOrder(element, last);
    if (delimiter === 'item' || (delimiter === null && isSequence(element))) {
      at = enter(walk, element, limit, open);
    } else if (delimiter !== null) {
      if (open.pop() !== UNDEFINED || element.length !== 0)
        throw new Broken(at, delimiter, 'something open, and no value', element.length);
      ledger.account(at, at + 8, 'structure', 'delimiters', 8);
      at += 8;
    } else if (element.length === UNDEFINED) at = accountFragments(walk, element, encoding);
    else at = accountValue(walk, element, limit);
  }
  if (open.some((end) => end === UNDEFINED)) throw new Truncated(reader.size, 'sequence', 8);
}

/** Tags ascend (PS3.5, section 7.1.1). */
function expectOrder({ group, element, start }: Element, last: number): number {
  const tag = group * 65536 + element;
  if (tag <= last) throw new Broken(start, 'tag', `more than ${last.toString(16)}`, tag.toString(16));
  return tag;
}

function enter(walk: Walk, element: Element, limit: number, open: number[]): number {
  const { start, valueAt, length } = element;
  walk.reader.meter.step();
  if (length !== UNDEFINED) expectInside(walk.reader, element, limit);
  walk.ledger.account(start, valueAt, 'structure', 'elements', 16);
  if (length !== 0) open.push(length === UNDEFINED ? UNDEFINED : valueAt + length);
  return valueAt;
}

function accountValue({ reader, ledger }: Walk, element: Element, limit: number): number {
  const { start, valueAt, length, vr } = element;
  reader.meter.step();
  const end = expectInside(reader, element, limit);
  ledger.account(start, valueAt, 'structure', 'elements', 16);
  if (isText(vr) && length < MOST_TEXT && printable.test(reader.latin1(valueAt, length)))
    ledger.account(valueAt, end, 'grammar', 'text');
  else ledger.raw(valueAt, end, 'values');
  return end;
}

function expectInside(reader: Reader, { start, valueAt, length }: Element, limit: number): number {
  const end = valueAt + length;
  if (end <= limit) return end;
  if (limit === reader.size) throw new Truncated(limit, 'value of an element', end - limit);
  throw new Broken(start, 'length of an element', `up to ${limit - valueAt}`, length);
}

/** Encapsulated pixels: an offset table, then fragments, then a delimiter (PS3.5, annex A.4). */
function accountFragments(walk: Walk, pixels: Element, encoding: Encoding): number {
  const { reader, ledger, context } = walk;
  ledger.account(pixels.start, pixels.valueAt, 'structure', 'elements', 16);
  for (let at = pixels.valueAt, index = 0; ; index++) {
    reader.meter.step();
    const item = readElement(reader, at, encoding);
    const delimiter = delimiterOf(item);
    if (delimiter !== 'item' && delimiter !== 'end of sequence')
      throw new Broken(at, 'fragment', 'an item', item.group);
    const end = expectInside(reader, item, reader.size);
    ledger.account(at, item.valueAt, 'structure', 'fragments', 16);
    if (delimiter === 'end of sequence') return end;
    ledger.raw(item.valueAt, end, index === 0 ? 'offsets of fragments' : 'pixels');
    const place = { reader, ledger, context, start: item.valueAt, end };
    if (index > 0 && isImage(reader, item.valueAt, end)) examineStored(place, `fragment-${index}`);
    at = end;
  }
}

/** A fragment that holds a whole JPEG: its end may be followed by one byte that makes the length even. */
function isImage(reader: Reader, start: number, end: number): boolean {
  return (
    reader.has(start, [0xff, 0xd8, 0xff]) &&
    (reader.has(end - 2, [0xff, 0xd9]) || reader.has(end - 3, [0xff, 0xd9]))
  );
}
