import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { verifyImage } from './image.ts';
import { accountTail } from './tail.ts';

export const jpeg: Format = {
  id: 'jpeg',
  title: 'JPEG image',
  extensions: ['jpg', 'jpeg', 'jpe', 'jfif', 'jfi', 'jif', 'mpo', 'jps', 'thm', 'insp'],
  signatures: [{ at: 0, hex: 'ffd8ff' }],
  spec: 'ITU-T T.81, T.871 (JFIF); Exif 2.32; CIPA DC-007 (MPF)',
  proof:
    'segments tile the file; scans are decoded to the last MCU and held against the range of samples; ' +
    'contents of application segments by their own grammar, maker notes by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const image = verifyImage(reader, ledger, context, { start: 0, end: reader.size });
    for (let at = image.end; at < reader.size; ) {
      reader.meter.step();
      const place = { reader, ledger, context, start: at, end: reader.size };
      const end = startsImage(reader, at)
        ? verifyImage(reader, ledger, context, place).end
        : accountTail(place);
      if (end === null) {
        ledger.trailing(at, reader.size);
        return;
      }
      at = end;
    }
  },
};

/** Further images of a multi-picture file, gain maps, frames of motion JPEG: one behind the other. */
function startsImage(reader: Reader, at: number): boolean {
  return reader.has(at, [0xff, 0xd8, 0xff]);
}
