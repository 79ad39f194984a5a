import type { Part } from './part.ts';
import { examineWithin } from './unknown.ts';

const LOCAL_HEADER = 'PK\x03\x04';
const END_RECORD = 'PK\x05\x06';
const END_LENGTH = 22;
const MOST = 64;

/** Examines the zip archives that stand inside of a stream: themes, and the parts of newer formats. */
export function examineEmbedded(part: Part): void {
  const { reader, size } = part.stream;
  for (let at = 0, count = 0; count < MOST; count++) {
    const start = reader.indexOf(LOCAL_HEADER, at, size);
    if (start < 0) return;
    const last = reader.indexOf(END_RECORD, start, size);
    if (last < 0 || last + END_LENGTH > size) return;
    const end = last + END_LENGTH + reader.u16le(last + 20);
    if (end > size) return;
    examineWithin(part, start, end, 'embedded.zip');
    at = end;
  }
}
