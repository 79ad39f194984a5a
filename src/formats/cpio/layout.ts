import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One entry (cpio(5), FreeBSD manual). Sizes in bytes. */
export interface CpioEntry {
  readonly at: number;
  readonly variant: CpioVariant;
  readonly mode: number;
  /** With the zero byte at its end. */
  readonly nameSize: number;
  readonly size: number;
  /** Sum of the bytes of the data; null where the variant has none. */
  readonly sum: number | null;
}

export interface CpioVariant {
  readonly title: string;
  /** Of the header, in bytes. */
  readonly headerSize: number;
  /** Names and data are filled up to a multiple of that many bytes, counted from the header. */
  readonly alignment: number;
  /** Whether the header's fields are digits, of which few random bytes are. */
  readonly isText: boolean;
  readonly parse: (reader: Reader, at: number) => Pick<CpioEntry, 'mode' | 'nameSize' | 'size' | 'sum'>;
}

const newc =
  (hasSum: (sum: number) => number | null): CpioVariant['parse'] =>
  (reader, at) => {
    const fields = Array.from({ length: 13 }, (_, i) => digits(reader, at + 6 + 8 * i, 8, 16));
    return { mode: fields[1]!, size: fields[6]!, nameSize: fields[11]!, sum: hasSum(fields[12]!) };
  };

const odc: CpioVariant['parse'] = (reader, at) => {
  for (const [start, length] of [
    [6, 6],
    [12, 6],
    [24, 6],
    [30, 6],
    [36, 6],
    [42, 6],
    [48, 11],
  ] as const) {
    digits(reader, at + start, length, 8);
  }
  return {
    mode: digits(reader, at + 18, 6, 8),
    nameSize: digits(reader, at + 59, 6, 8),
    size: digits(reader, at + 65, 11, 8),
    sum: null,
  };
};

/** Words of 16 bits in the writer's order; of a long number the upper word always stands first. */
const words =
  (word: (reader: Reader, at: number) => number): CpioVariant['parse'] =>
  (reader, at) => ({
    mode: word(reader, at + 6),
    nameSize: word(reader, at + 20),
    size: word(reader, at + 22) * 65_536 + word(reader, at + 24),
    sum: null,
  });

const variants: readonly (CpioVariant & { readonly magic: string })[] = [
  {
    magic: '070701',
    title: 'new ASCII',
    headerSize: 110,
    alignment: 4,
    isText: true,
    parse: newc(() => null),
  },
  {
    magic: '070702',
    title: 'new CRC',
    headerSize: 110,
    alignment: 4,
    isText: true,
    parse: newc((sum) => sum),
  },
  { magic: '070707', title: 'old ASCII', headerSize: 76, alignment: 1, isText: true, parse: odc },
  {
    magic: '\xc7\x71',
    title: 'old binary, low byte first',
    headerSize: 26,
    alignment: 2,
    isText: false,
    parse: words((reader, at) => reader.u16le(at, 'cpio header')),
  },
  {
    magic: '\x71\xc7',
    title: 'old binary, high byte first',
    headerSize: 26,
    alignment: 2,
    isText: false,
    parse: words((reader, at) => reader.u16be(at, 'cpio header')),
  },
];

export function variantAt(reader: Reader, at: number): CpioVariant | null {
  return variants.find(({ magic }) => reader.has(at, magic)) ?? null;
}

/** @throws Broken, Truncated */
export function readEntry(reader: Reader, at: number): CpioEntry {
  const variant = variantAt(reader, at);
  if (variant === null) {
    reader.bytes(at, 6, 'cpio header');
    throw new Broken(
      at,
      'cpio magic',
      '070701, 070702 or 070707',
      Buffer.from(reader.bytes(at, 6)).toString('hex'),
    );
  }
  const entry = { at, variant, ...variant.parse(reader, at) };
  if (entry.nameSize === 0 || entry.nameSize > 65_536) {
    throw new Broken(at, 'length of a name', 'at most 65536', entry.nameSize);
  }
  return entry;
}

function digits(reader: Reader, at: number, length: number, radix: 8 | 16): number {
  const text = reader.latin1(at, length, 'cpio header');
  const pattern = radix === 8 ? /^ *[0-7]+$/ : /^[0-9a-fA-F]+$/;
  if (!pattern.test(text)) throw new Broken(at, 'field of a cpio header', `digits to base ${radix}`, text);
  return Number.parseInt(text, radix);
}
