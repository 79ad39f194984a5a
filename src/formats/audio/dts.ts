import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';

const SYNC = 0x7ffe8001;
const HEAD = 11;
const [LEAST_FRAME, MOST_FRAME] = [96, 16384];

export const dts: Format = {
  id: 'dts',
  title: 'DTS coherent acoustics',
  extensions: ['dts'],
  signatures: [{ at: 0, hex: '7ffe8001' }],
  spec: 'ETSI TS 102 114, section 5.3',
  proof: 'frames follow each other, as long as each says; their samples stay unproved unless they contrast',
  texture: 'dense',
  verify(reader, ledger): void {
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      if (reader.u32be(at, 'frame') !== SYNC) throw new Broken(at, 'sync of a frame', SYNC, reader.u32be(at));
      // Type, samples and CRC flag; 7 bits of blocks; 14 bits of size less one.
      const size = (((reader.u32be(at + 4, 'frame') >>> 4) & 0x3fff) >>> 0) + 1;
      if (size < LEAST_FRAME || size > MOST_FRAME)
        throw new Broken(at + 5, 'size of a frame', `${LEAST_FRAME} to ${MOST_FRAME}`, size);
      if (at + size > reader.size) throw new Truncated(reader.size, 'frame', at + size - reader.size);
      ledger.account(at, at + HEAD, 'structure', 'head of a frame', HEAD);
      ledger.coded(at + HEAD, at + size, 'samples');
      at += size;
    }
  },
};
