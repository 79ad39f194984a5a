import { Broken } from '../bytes/errors.ts';
import type { Format } from './format.ts';

/** Bytes of a frame by its type, its header included (RFC 4867 section 5.3); 0 for reserved types. */
const narrow = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const wide = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

export const amr: Format = {
  id: 'amr',
  title: 'Adaptive multi-rate speech',
  extensions: ['amr', 'awb'],
  signatures: [{ at: 0, hex: '2321414d52' }],
  spec: 'RFC 4867, section 5',
  proof:
    'a chain of frames, whose headers have five bits that are fixed, breaks under random bytes of some frames',
  texture: 'dense',
  verify(reader, ledger): void {
    const isWide = reader.has(0, '#!AMR-WB\n');
    if (!isWide) reader.expect(0, '#!AMR\n', 'signature');
    const start = isWide ? 9 : 6;
    ledger.account(0, start, 'structure', 'signature');
    const sizes = isWide ? wide : narrow;
    let longest = 1;
    let at = start;
    while (at < reader.size) {
      reader.meter.step();
      const header = reader.u8(at);
      const length = sizes[(header >> 3) & 15]!;
      if ((header & 0x83) !== 0 || length === 0) throw new Broken(at, 'frame header', 'a known type', header);
      longest = Math.max(longest, length);
      at += length;
    }
    if (at > reader.size) ledger.oddity(reader.size, 'the last frame is cut');
    // A header lets 15 of 256 values pass at most: six of them stand in every run of seven frames.
    ledger.account(start, reader.size, 'structure', 'chain of frames', 7 * longest);
  },
};
