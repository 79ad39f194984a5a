import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { accountText } from '../text-field.ts';

const HEADER = 128;
const MATRIX = 14;
const COMPRESSED = 15;
const LAST_TYPE = 18;

export const matlab: Format = {
  id: 'matlab',
  title: 'MATLAB level 5',
  extensions: [],
  signatures: [{ at: 0, hex: '4d41544c414220352e30204d41542d66696c65' }],
  spec: 'MathWorks, MAT-File Format, section 1',
  proof: 'elements tile the file, Adler-32 of packed ones; values of others by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const order = reader.latin1(126, 2, 'byte order');
    if (order !== 'IM' && order !== 'MI') throw new Broken(126, 'byte order', 'IM or MI', order);
    const file = { reader, ledger, isLittle: order === 'IM' };
    accountHeaderText(reader, ledger);
    if (isZeroFilled(reader, 116, 124) || reader.latin1(116, 8) === '        ')
      ledger.account(116, 124, 'structure', 'no subsystem data', 8);
    ledger.account(124, HEADER, 'structure', 'version and byte order');
    let at = HEADER;
    while (at + 8 <= reader.size) at = verifyElement(file, at);
    accountTail(reader, ledger, at);
  },
};

/** Filled up with spaces, or with zeros by some writers. */
function accountHeaderText(reader: Reader, ledger: Ledger): void {
  const length = `${reader.latin1(0, 116, 'header text')}\0`.indexOf('\0');
  accountText(reader, ledger, 0, length, 'header text');
  if (isZeroFilled(reader, length, 116))
    ledger.account(length, 116, 'padding', 'zeros behind the header text');
}

interface MatFile {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly isLittle: boolean;
}

/** Gives where the element ends. */
function verifyElement({ reader, ledger, isLittle }: MatFile, at: number): number {
  reader.meter.step();
  const u32 = (where: number) => (isLittle ? reader.u32le(where) : reader.u32be(where));
  const type = u32(at);
  const end = at + 8 + u32(at + 4);
  if (type !== MATRIX && type !== COMPRESSED) throw new Broken(at, 'type of an element', '14 or 15', type);
  if (end > reader.size) throw new Truncated(reader.size, 'element', end - reader.size);
  ledger.account(at, at + 8, 'structure', 'tag of an element', 8);
  if (type === MATRIX) {
    walkParts(reader, ledger, u32, at + 8, end);
    return end;
  }
  const { consumed } = inflateZlib(reader, at + 8, end, () => {});
  ledger.account(at + 8, at + 8 + consumed, 'checksum', 'Adler-32 of an element');
  if (at + 8 + consumed < end) ledger.raw(at + 8 + consumed, end, 'behind a packed element');
  return end;
}

/** Parts are aligned to 8 bytes; those of up to 4 bytes stand in their tag. Cells and structures nest. */
function walkParts(
  reader: Reader,
  ledger: Ledger,
  u32: (at: number) => number,
  start: number,
  last: number,
): void {
  for (let at = start; at < last; ) {
    reader.meter.step();
    const word = u32(at);
    const isSmall = word > 0xffff;
    const type = word & 0xffff;
    if (type === 0 || type > LAST_TYPE || (isSmall && word >>> 16 > 4)) {
      throw new Broken(at, 'type of a part', `1 to ${LAST_TYPE}`, word);
    }
    const length = isSmall ? 0 : u32(at + 4);
    const end = at + 8 + length;
    if (end > last) throw new Broken(at + 4, 'length of a part', `at most ${last - at - 8}`, length);
    ledger.account(at, at + (isSmall ? 4 : 8), 'structure', 'tag of a part', 8);
    if (isSmall) ledger.raw(at + 4, at + 8, 'values');
    if (type === MATRIX && !isSmall) {
      at += 8;
      continue;
    }
    const padded = Math.min(last, end + (-length & 7));
    ledger.raw(at + 8, padded, 'values');
    at = padded;
  }
}
