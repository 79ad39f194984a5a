import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored } from './stored.ts';
import { accountTail } from './tail.ts';

const SHAPE = /'shape': ?\(((?:\d{1,15}L?(?:, ?|,? ?(?=\))))*)\)/;
const SIMPLE = /'descr': ?'([<>|=])([a-zA-Z])(\d{0,6})(?:\[[^\]]{1,12}\])?'/;

export const npy: Format = {
  id: 'npy',
  title: 'NumPy array',
  extensions: ['npy'],
  signatures: [{ at: 0, hex: '934e554d5059' }],
  spec: 'NumPy Enhancement Proposal 1; numpy.lib.format',
  proof: 'header by grammar, exact size; elements by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const version = reader.u8(6, 'version');
    if (version < 1 || version > 3) throw new Broken(6, 'version', '1 to 3', version);
    const at = version === 1 ? 10 : 12;
    const start = at + (version === 1 ? reader.u16le(8) : reader.u32le(8));
    const header = reader.latin1(at, start - at, 'header');
    if (!/^\{[\x20-\x7e\x80-\xff]*\} *\n?$/.test(header))
      throw new Broken(at, 'header', 'a dictionary', header.slice(0, 20));
    const count = countOf(header, at);
    ledger.account(0, start, 'grammar', 'header', 16);
    const width = widthOf(header);
    const end = width === null ? reader.size : start + count * width;
    if (/'descr': ?'\|O8?'/.test(header)) {
      examineStored({ reader, ledger, context, start, end: reader.size }, 'objects.pickle');
      return;
    }
    ledger.raw(start, Math.min(end, reader.size), 'elements');
    if (end > reader.size) throw new Truncated(reader.size, 'elements', end - reader.size);
    if (width === null && count > 0 && (reader.size - start) % count !== 0) {
      throw new Broken(start, 'elements', `a multiple of ${count} bytes`, reader.size - start);
    }
    accountTail(reader, ledger, end);
  },
};

function countOf(header: string, at: number): number {
  const shape = SHAPE.exec(header)?.[1];
  if (shape === undefined) throw new Broken(at, 'shape of the array', 'numbers', 'others');
  return (shape.match(/\d+/g) ?? []).reduce((product, part) => product * Number(part), 1);
}

/** Bytes of an element; null for records and objects. */
function widthOf(header: string): number | null {
  const [, , kind, digits] = SIMPLE.exec(header) ?? [];
  if (kind === undefined || kind === 'O') return null;
  return kind === 'U' ? 4 * Number(digits) : Number(digits === '' ? 1 : digits);
}
