import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Value representations with a 16-bit length (PS3.5, table 7.1-2) … */
const short = new Set('AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
/** … and those with two reserved bytes and a 32-bit length (table 7.1-1). */
const long = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
/** Those whose values are text of the default repertoire, without control characters. */
const textual = new Set('AE AS CS DA DS DT IS TM UI'.split(' '));

const DELIMITERS = 0xfffe;
export const UNDEFINED = 0xffffffff;

/** How elements are written: PS3.5, annex A. */
export interface Encoding {
  readonly isExplicit: boolean;
  readonly isBig: boolean;
}

/** Places in bytes. */
export interface Element {
  readonly group: number;
  readonly element: number;
  /** Empty where the encoding is implicit. */
  readonly vr: string;
  readonly start: number;
  readonly valueAt: number;
  /** In bytes, or `UNDEFINED`: up to a delimiter. */
  readonly length: number;
}

/** @throws Broken where an explicit value representation isn't a known one; Truncated */
export function readElement(reader: Reader, start: number, { isExplicit, isBig }: Encoding): Element {
  const u16 = (at: number) => (isBig ? reader.u16be(at, 'element') : reader.u16le(at, 'element'));
  const u32 = (at: number) => (isBig ? reader.u32be(at, 'element') : reader.u32le(at, 'element'));
  const tag = { group: u16(start), element: u16(start + 2), start };
  if (!isExplicit || tag.group === DELIMITERS)
    return { ...tag, vr: '', valueAt: start + 8, length: u32(start + 4) };
  const vr = reader.latin1(start + 4, 2, 'value representation');
  if (short.has(vr)) return { ...tag, vr, valueAt: start + 8, length: u16(start + 6) };
  if (!long.has(vr)) throw new Broken(start + 4, 'value representation', 'a known one', JSON.stringify(vr));
  if (u16(start + 6) !== 0) throw new Broken(start + 6, 'reserved bytes', 0, u16(start + 6));
  return { ...tag, vr, valueAt: start + 12, length: u32(start + 8) };
}

export function isText(vr: string): boolean {
  return textual.has(vr);
}

export function isSequence({ vr, length, element }: Element): boolean {
  return vr === 'SQ' || (length === UNDEFINED && element !== 0x0010);
}

/** An item of a sequence, the end of an item, or the end of a sequence (PS3.5, section 7.5). */
export function delimiterOf({ group, element }: Element): 'item' | 'end of item' | 'end of sequence' | null {
  if (group !== DELIMITERS) return null;
  if (element === 0xe000) return 'item';
  return element === 0xe00d ? 'end of item' : element === 0xe0dd ? 'end of sequence' : null;
}
