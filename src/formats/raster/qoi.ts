import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const HEADER = 14;
const CHUNK = 1 << 16;

export const qoi: Format = {
  id: 'qoi',
  title: 'Quite OK image',
  extensions: ['qoi'],
  signatures: [{ at: 0, hex: '716f6966' }],
  spec: 'The Quite OK Image Format 1.0',
  proof: 'chunks make exactly the pixels of the image and end with its mark; their values stay raw',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    const pixels = reader.u32be(4, 'width') * reader.u32be(8, 'height');
    const channels = reader.u8(12);
    const space = reader.u8(13);
    if (pixels === 0) throw new Broken(4, 'size of the image', 'at least one pixel', 0);
    if ((channels !== 3 && channels !== 4) || space > 1)
      throw new Broken(12, 'channels and colour space', '3 or 4, 0 or 1', `${channels}, ${space}`);
    ledger.account(0, HEADER, 'structure', 'header', 10);
    const end = walkChunks(reader, pixels);
    ledger.raw(HEADER, end, 'chunks');
    reader.expect(end, [0, 0, 0, 0, 0, 0, 0, 1], 'end mark');
    ledger.account(end, end + 8, 'structure', 'end mark');
    accountTail(reader, ledger, end + 8);
  },
};

/** Gives where the chunk that makes the last pixel ends. */
function walkChunks(reader: Reader, pixels: number): number {
  let at = HEADER;
  let made = 0;
  while (made < pixels) {
    const length = Math.min(CHUNK, reader.size - at);
    if (length <= 0) throw new Truncated(reader.size, 'pixels', 1);
    const bytes = reader.bytes(at, length);
    let i = 0;
    for (; i < length && made < pixels; ) {
      const tag = bytes[i]!;
      made += tag >= 0xc0 && tag < 0xfe ? (tag & 63) + 1 : 1;
      i += tag === 0xff ? 5 : tag === 0xfe ? 4 : tag >> 6 === 2 ? 2 : 1;
    }
    reader.meter.step(i >> 4);
    at += i;
  }
  if (made > pixels) throw new Broken(at, 'pixels', pixels, made);
  return at;
}
