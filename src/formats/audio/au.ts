import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountTail } from '../tail.ts';
import { accountSamples } from './samples.ts';

const HEADER = 24;
/** µ-law, linear of 8 to 32 bits, floats, A-law. */
const plainEncodings = new Set([1, 2, 3, 4, 5, 6, 7, 27]);

export const au: Format = {
  id: 'au',
  title: 'NeXT and Sun audio',
  extensions: ['au'],
  signatures: [{ at: 0, hex: '2e736e64000000' }],
  spec: 'Sun audio file format, au(5)',
  proof: 'a header; samples of PCM are far from random, what other coders made stays unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const [start, size, encoding] = [reader.u32be(4), reader.u32be(8), reader.u32be(12)];
    const [rate, channels] = [reader.u32be(16), reader.u32be(20, 'channels')];
    if (start < HEADER || start > reader.size)
      throw new Broken(4, 'data offset', `${HEADER} at least`, start);
    if (encoding === 0 || encoding > 255) throw new Broken(12, 'encoding', '1–255', encoding);
    if (rate === 0 || channels === 0 || channels > 255)
      throw new Broken(20, 'rate and channels', '1–255', channels);
    ledger.account(0, HEADER, 'structure', 'header', 16);
    accountTextOrRaw(reader, ledger, HEADER, start, 'annotation');
    const end = size === 0xffffffff ? reader.size : Math.min(reader.size, start + size);
    const samples = { reader, ledger, context, start, end };
    accountSamples(samples, plainEncodings.has(encoding) ? 'plain' : 'coded', 'samples');
    if (start + size > reader.size && size !== 0xffffffff)
      throw new Broken(8, 'data size', reader.size - start, size);
    accountTail(reader, ledger, end);
  },
};
