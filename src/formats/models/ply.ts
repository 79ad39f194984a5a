import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountTail } from '../tail.ts';

const MOST_HEADER = 1 << 16;
const sizes: Readonly<Record<string, number>> = {
  char: 1,
  uchar: 1,
  int8: 1,
  uint8: 1,
  short: 2,
  ushort: 2,
  int16: 2,
  uint16: 2,
  int: 4,
  uint: 4,
  int32: 4,
  uint32: 4,
  float: 4,
  float32: 4,
  double: 8,
  float64: 8,
};

export const ply: Format = {
  id: 'ply',
  title: 'Polygon file',
  extensions: ['ply'],
  signatures: [
    { at: 0, hex: '706c790a666f726d617420' },
    { at: 0, hex: '706c790d666f726d617420' },
    { at: 0, hex: '706c790d0a666f726d617420' },
  ],
  spec: 'Turk, The PLY Polygon File Format',
  proof:
    'header by grammar; elements end exactly; coordinates by contrast, written out as numbers by grammar',
  texture: 'plain',
  verify(reader, ledger): void {
    const header = readHeader(reader);
    accountTextOrRaw(reader, ledger, 0, header.end, 'header');
    if (header.form === 'ascii') accountNumbers(reader, ledger, header.end);
    else accountTail(reader, ledger, accountElements(reader, ledger, header));
  },
};

/** A number, or a list: the bytes of its count, and of each of its values. */
type Property = { readonly size: number } | { readonly count: number; readonly size: number };

interface Element {
  readonly count: number;
  readonly properties: Property[];
}

interface Header {
  readonly form: string;
  readonly elements: readonly Element[];
  readonly end: number;
}

function readHeader(reader: Reader): Header {
  const text = reader.latin1(0, Math.min(reader.size, MOST_HEADER), 'header');
  const found = /^ply(\r\n|\n|\r)(?:[\t\x20-\x7e]*\1)*?end_header\1/.exec(text);
  if (found === null) throw new Broken(0, 'header', 'lines up to end_header', 'others');
  const lines = found[0].split(found[1]!).map((line) => line.trim().split(/\s+/));
  const elements: Element[] = [];
  for (const [word, ...rest] of lines) {
    if (word === 'element') elements.push({ count: Number(rest[1]), properties: [] });
    else if (word === 'property') elements.at(-1)?.properties.push(readProperty(rest));
  }
  if (elements.some(({ count }) => !Number.isSafeInteger(count) || count < 0))
    throw new Broken(0, 'number of elements', 'a whole number', 'another');
  return { form: lines.find(([word]) => word === 'format')?.[1] ?? '', elements, end: found[0].length };
}

function readProperty([kind, first, second]: readonly string[]): Property {
  const isList = kind === 'list';
  const [count, size] = isList ? [sizes[first!], sizes[second!]] : [0, sizes[kind!]];
  if (count === undefined || size === undefined)
    throw new Broken(0, 'type of a property', 'a known one', 'another');
  return isList ? { count, size } : { size };
}

function accountElements(reader: Reader, ledger: Ledger, { form, elements, end }: Header): number {
  if (!/^binary_(little|big)_endian$/.test(form)) throw new Broken(4, 'format', 'ascii or binary', form);
  let at = end;
  for (const element of elements) at = passElement(reader, element, at, form === 'binary_little_endian');
  ledger.raw(end, Math.min(at, reader.size), 'elements');
  if (at > reader.size) throw new Truncated(reader.size, 'elements', at - reader.size);
  return at;
}

function passElement(
  reader: Reader,
  { count, properties }: Element,
  start: number,
  isLittle: boolean,
): number {
  if (properties.every((property) => !('count' in property)))
    return start + count * properties.reduce((sum, { size }) => sum + size, 0);
  let at = start;
  for (let i = 0; i < count && at < reader.size; i++) {
    reader.meter.step();
    for (const property of properties) {
      if ('count' in property)
        at += property.count + readCount(reader, at, property.count, isLittle) * property.size;
      else at += property.size;
    }
  }
  return at;
}

function readCount(reader: Reader, at: number, size: number, isLittle: boolean): number {
  if (size === 1) return reader.u8(at, 'length of a list');
  if (size === 2)
    return isLittle ? reader.u16le(at, 'length of a list') : reader.u16be(at, 'length of a list');
  return isLittle ? reader.u32le(at, 'length of a list') : reader.u32be(at, 'length of a list');
}

/** Digits, signs, points and exponents, `nan` and `inf`, and white space: 25 of 256 values. */
const isNumeric = new Uint8Array(256);
for (const code of Buffer.from('0123456789+-.eEnaifNAIF \t\r\n')) isNumeric[code] = 1;

function accountNumbers(reader: Reader, ledger: Ledger, start: number): void {
  let at = start;
  for (const part of reader.stream(start, reader.size)) {
    reader.meter.step();
    const wrong = part.findIndex((code) => isNumeric[code] === 0);
    if (wrong >= 0) throw new Broken(at + wrong, 'elements', 'numbers', part[wrong]!);
    at += part.length;
  }
  ledger.account(start, reader.size, 'grammar', 'numbers', 16);
}
