import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';

const FRAME = 33;
const LEAST_FRAMES = 4;
const MARK = 0xd0;

export const gsm: Format = {
  id: 'gsm',
  title: 'GSM 06.10 speech',
  extensions: ['gsm'],
  signatures: [],
  spec: 'libgsm; RFC 3551, section 4.5.8.1',
  proof: 'the four bits that begin each frame of 33 bytes',
  texture: 'dense',
  recognise(head, size): boolean {
    if (size < LEAST_FRAMES * FRAME || size % FRAME !== 0) return false;
    for (let at = 0; at < Math.min(head.length, size); at += FRAME)
      if ((head[at]! & 0xf0) !== MARK) return false;
    return true;
  },
  verify(reader, ledger): void {
    if (reader.size % FRAME !== 0)
      throw new Broken(reader.size, 'size', `a multiple of ${FRAME}`, reader.size);
    for (let at = 0; at < reader.size; at += FRAME) {
      reader.meter.step();
      if ((reader.u8(at) & 0xf0) !== MARK) throw new Broken(at, 'mark of a frame', 'D', reader.u8(at) >> 4);
    }
    // Five marks of four bits: 2⁻²⁰, in six frames wherever they begin.
    ledger.account(0, reader.size, 'structure', 'marks of frames', 6 * FRAME);
  },
};
