import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import type { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../checks/overwrite-trials.ts';
import { decodeXpressHuffman } from '../checks/xpress-huffman.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineMember } from './member.ts';
import { LONG_RUN } from './stored-parts.ts';

const HEADER = 8;
const CHECKED = 0x80;
const XPRESS_HUFFMAN = 4;
/** Windows keeps prefetch files below 1 MiB; larger ones are not unpacked. Bytes. */
const MOST_UNPACKED = 16 << 20;
const MOST_TRIED = 1 << 20;
/** What the decoder reads ahead, in bytes. */
const AHEAD = 4;

export const compressedPrefetch: Format = {
  id: 'prefetch-compressed',
  title: 'Windows prefetch, compressed',
  extensions: ['pf'],
  signatures: [
    { at: 0, hex: '4d414d04' },
    { at: 0, hex: '4d414d84' },
  ],
  spec: 'libscca documentation, Windows Prefetch File, Compressed format; [MS-XCA] §2.2',
  proof:
    'it unpacks to its stated length at its last byte; trial overwrites of the file at hand show whether that is proof',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const method = reader.u8(3);
    if ((method & ~CHECKED) !== XPRESS_HUFFMAN) throw new Broken(3, 'method', XPRESS_HUFFMAN, method);
    const start = HEADER + ((method & CHECKED) === 0 ? 0 : 4);
    const size = reader.u32le(4, 'size');
    if (size > MOST_UNPACKED || reader.size > MOST_UNPACKED)
      throw new OverBudget('bytes of a prefetch file', MOST_UNPACKED);
    const packed = reader.whole(start, reader.size);
    const content = unpack(packed, size, reader.meter);
    ledger.account(0, HEADER, 'structure', 'magic and size', HEADER);
    ledger.account(start, reader.size, 'decoder', 'LZXPRESS Huffman', floorOf(packed, size, reader.meter));
    examineMember(context, ledger, '', new BufferSource(content), { start, end: reader.size });
  },
};

/** @throws Broken unless it ends where the packed bytes do */
function unpack(packed: Uint8Array, size: number, meter: Meter): Uint8Array {
  meter.produce(size);
  const output = new Uint8Array(size);
  const consumed = decodeXpressHuffman(packed, output);
  if (Math.abs(consumed - packed.length) > AHEAD)
    throw new Broken(HEADER, 'packed bytes', packed.length, consumed);
  return output;
}

function floorOf(packed: Uint8Array, size: number, meter: Meter): number {
  if (size > MOST_TRIED) return LONG_RUN;
  const passes = (tried: Uint8Array): boolean => {
    try {
      unpack(tried, size, meter);
      return true;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  };
  return noticesOverwrites(packed, passes) ? TRIED_FLOOR : LONG_RUN;
}
