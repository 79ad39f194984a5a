import { Broken, Truncated } from '../../bytes/errors.ts';
import { complement, type Range, union } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format, KnownFormat } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import { accountTail } from '../tail.ts';

/** Where everything stands in a file whose header says exactly how much raw data follows. Offsets in bytes. */
export interface SizedLayout {
  /** Fields of the header that were checked, or that the size of the file depends on. */
  readonly checked: readonly (readonly [start: number, end: number])[];
  /** Fields of the header that hold texts. */
  readonly texts?: readonly (readonly [start: number, end: number])[];
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** A format of a header and raw data of a size that the header tells. */
export interface SizedFormat extends KnownFormat {
  /** What the data is: `pixels`, `samples`. */
  readonly data: string;
  /** @throws Broken on fields out of range */
  readonly measure: (reader: Reader) => SizedLayout;
  /** For those without magic bytes: whether header and size agree. Without it only the name leads here. */
  readonly recognise?: (head: Uint8Array, size: number) => boolean;
}

/** Eight bytes of a header hold a whole field that would no longer fit. */
const HEADER_FLOOR = 8;

/** The formats of a table, with the verifier that they have in common. */
export function sizedFormats(kinds: readonly SizedFormat[]): readonly Format[] {
  return kinds.map(({ data, measure, ...known }) => ({
    ...known,
    proof: `fields of the header, exact size; ${data} by contrast`,
    texture: 'packed',
    verify: (reader, ledger) => accountSized(reader, ledger, data, measure(reader)),
  }));
}

function accountSized(reader: Reader, ledger: Ledger, data: string, layout: SizedLayout): void {
  const { dataStart, dataEnd } = layout;
  if (dataStart > reader.size) throw new Truncated(reader.size, 'header', dataStart - reader.size);
  const checked = layout.checked.map(([start, end]) => ({ start, end }));
  const texts = (layout.texts ?? []).map(([start, end]) => ({ start, end }));
  for (const { start, end } of checked) ledger.account(start, end, 'structure', 'header', HEADER_FLOOR);
  for (const { start, end } of texts) accountTextOrRaw(reader, ledger, start, end, 'text of the header');
  const free: Range[] = complement(union([...checked, ...texts]), { start: 0, end: dataStart });
  for (const range of free) accountFree(reader, ledger, range);
  ledger.raw(dataStart, Math.min(dataEnd, reader.size), data);
  if (dataEnd > reader.size) throw new Truncated(reader.size, data, dataEnd - reader.size);
  accountTail(reader, ledger, dataEnd);
}

/** The most bytes of a free field that are looked through for zeros at its end. */
const MOST_FREE = 1 << 16;

/** Headers are filled up with zeros to a round size. */
function accountFree(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  const length = Math.min(end - start, MOST_FREE);
  const tail = reader.bytes(end - length, length, 'header');
  const used = end - length + 1 + tail.findLastIndex((byte) => byte !== 0);
  ledger.raw(start, used, 'free fields of the header');
  accountSlack(reader, ledger, used, end, 'unused header');
}

/** @throws Broken unless `value` is one of those allowed */
export function expectOneOf(at: number, what: string, value: number, allowed: readonly number[]): void {
  if (!allowed.includes(value)) throw new Broken(at, what, allowed.join(', '), value);
}

/** @throws Broken unless least ≤ value ≤ most */
export function expectWithin(at: number, what: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new Broken(at, what, `${least} to ${most}`, value);
}
