import { Broken } from '../../../bytes/errors.ts';
import { isLegacyText } from '../../legacy-text.ts';
import { accountUtf16 } from '../../utf16-text.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { attempt, type Stream } from '../stream.ts';
import { examineWithin } from '../unknown.ts';

const HEADER = 28;
const MOST_SETS = 16;
const MOST_PROPERTIES = 4096;

/** Bytes of a value by its type (MS-OLEPS §2.15), without the four of the type. */
const fixed: ReadonlyMap<number, number> = new Map([
  ...[0, 1].map((type) => [type, 0] as const),
  ...[2, 3, 4, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x16, 0x17].map((type) => [type, 4] as const),
  ...[5, 6, 7, 0x14, 0x15, 0x40].map((type) => [type, 8] as const),
  [0x48, 16],
]);
const LPSTR = 0x1e;
const LPWSTR = 0x1f;
const CLIPBOARD = 0x47;

/** A property set: summary information and its like (MS-OLEPS §2.21). */
export function verifyPropertySet(part: Part): void {
  const { stream } = part;
  const { reader, ledger, size } = stream;
  if (size < HEADER || reader.u16le(0) !== 0xfffe) {
    accountRest(part);
    return;
  }
  const sets = reader.u32le(24);
  if (sets === 0 || sets > MOST_SETS || HEADER + 20 * sets > size) {
    ledger.broken(new Broken(24, 'number of property sets', '1 or 2', sets), HEADER);
    return;
  }
  ledger.account(0, HEADER + 20 * sets, 'structure', 'property set header', 48);
  for (let i = 0; i < sets; i++) {
    const at = reader.u32le(HEADER + 20 * i + 16);
    attempt(ledger, () => verifySet(part, at));
  }
  accountRest(part);
}

function verifySet(part: Part, at: number): void {
  const { reader, ledger, size } = part.stream;
  const length = reader.u32le(at, 'property set');
  const count = reader.u32le(at + 4, 'property set');
  if (at + length > size + 3 || count > MOST_PROPERTIES || 8 + 8 * count > length)
    throw new Broken(at, 'property set', `at most ${size - at} bytes`, `${count} properties in ${length}`);
  ledger.account(at, at + 8 + 8 * count, 'structure', 'property offsets', 15);
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const id = reader.u32le(at + 8 + 8 * i);
    const offset = reader.u32le(at + 12 + 8 * i);
    if (offset < 8 || offset + 4 > length)
      throw new Broken(at + 12 + 8 * i, 'offset of a property', `less than ${length}`, offset);
    if (id !== 0) verifyValue(part, at + offset);
  }
}

function verifyValue(part: Part, at: number): void {
  const { reader, ledger, size } = part.stream;
  const type = reader.u32le(at, 'property type');
  const plain = fixed.get(type);
  if (plain !== undefined && at + 4 + plain <= size) {
    ledger.account(at, at + 4, 'structure', 'property type', 8);
    ledger.raw(at + 4, at + 4 + plain, 'property');
    return;
  }
  if (type !== LPSTR && type !== LPWSTR && type !== CLIPBOARD) return;
  const length = reader.u32le(at + 4, 'property') * (type === LPWSTR ? 2 : 1);
  const end = at + 8 + length;
  if (end > size) throw new Broken(at + 4, 'length of a property', `at most ${size - at - 8}`, length);
  ledger.account(at, at + 8, 'structure', 'property', 8);
  if (type === LPSTR) accountString(part.stream, at + 8, end);
  else if (type === LPWSTR) accountUtf16(reader, ledger, at + 8, end, 'property text');
  else verifyThumbnail(part, at + 8, end);
}

/** In the code page of the set, which may be UTF-16, too. */
function accountString({ reader, ledger }: Stream, start: number, end: number): void {
  if (end - start > 1 << 16 || end - start < 4) return;
  const text = reader.latin1(start, end - start);
  if (isLegacyText(text.replace(/\0+$/, ''))) ledger.account(start, end, 'grammar', 'property text', 48);
  else accountUtf16(reader, ledger, start, end, 'property text');
}

const WINDOWS_FORMAT = 0xffffffff;
const METAFILE = 3;

/** A thumbnail: a metafile with 8 bytes of its extent before it; bitmaps are told by contrast (§2.11, §2.15). */
function verifyThumbnail(part: Part, start: number, end: number): void {
  const { reader, ledger } = part.stream;
  if (end - start < 34 || reader.u32le(start) !== WINDOWS_FORMAT || reader.u32le(start + 4) !== METAFILE)
    return;
  ledger.account(start, start + 8, 'structure', 'clipboard format', 4);
  examineWithin(part, start + 16, end, 'thumbnail.wmf');
}
