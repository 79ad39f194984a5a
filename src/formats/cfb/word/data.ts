import { verifyDrawing } from '../escher/drawing.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { Stream } from '../stream.ts';

const HEADER = 0x44;
/** The picture's kind (MFPF §2.9.158) that has a file name before it. */
const WITH_NAME = 0x66;
const SHAPE = [0x0f, 0x00, 0x04, 0xf0];

/** The Data stream: pictures, each with its length before it (PICFAndOfficeArtData, MS-DOC §2.9.192). */
export function verifyData(part: Part): void {
  const { stream } = part;
  const { reader, ledger, size } = stream;
  for (let at = 0; at + HEADER <= size; ) {
    reader.meter.step();
    const length = reader.u32le(at);
    if (length < HEADER || at + length > size || reader.u16le(at + 4) !== HEADER) break;
    const nameLength = reader.u16le(at + 6) === WITH_NAME ? 1 + reader.u8(at + HEADER) : 0;
    const start = at + HEADER + nameLength;
    if (reader.has(start, SHAPE)) {
      const picture = Stream.within(stream, [{ start, end: at + length }]);
      verifyDrawing({ ...part, stream: picture });
      picture.settle(ledger);
    }
    at += length;
  }
  accountRest(part);
}
