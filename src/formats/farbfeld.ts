import { Truncated } from '../bytes/errors.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const HEADER = 16;
/** Red, green, blue and alpha of 16 bits each. */
const PIXEL = 8;

export const farbfeld: Format = {
  id: 'farbfeld',
  title: 'farbfeld image',
  extensions: ['ff'],
  signatures: [{ at: 0, hex: '6661726266656c64' }],
  spec: 'farbfeld(5)',
  proof: 'as many pixels as its header says; the pixels by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    reader.expect(0, 'farbfeld', 'farbfeld magic');
    const end = HEADER + PIXEL * reader.u32be(8, 'width') * reader.u32be(12, 'height');
    ledger.account(0, HEADER, 'structure', 'header', 8);
    ledger.raw(HEADER, Math.min(end, reader.size), 'pixels');
    if (end > reader.size) ledger.broken(new Truncated(reader.size, 'pixels', end - reader.size));
    else accountTail(reader, ledger, end);
  },
};
