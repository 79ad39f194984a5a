import { Broken } from '../../../bytes/errors.ts';
import { doubt } from '../doubt.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { examineWithin } from '../unknown.ts';
import { examineBlip } from './blip.ts';
import { type OfficeRecord, readOfficeRecord, walkAtoms } from './records.ts';

const FILE_BLOCK_ENTRY = 0xf007;
const ENTRY_HEADER = 36;

/** Records of an Office drawing (MS-ODRAW): their pictures are files, the rest is told by contrast. */
export function verifyDrawing(part: Part): void {
  const { stream } = part;
  const { reader, size } = stream;
  try {
    for (const atom of walkAtoms(reader, 0, size, (error) => doubt(stream, error))) takeAtom(part, atom);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    doubt(stream, error);
  }
  accountRest(part);
}

/** A picture, or the entry of one that holds it (§2.2.32). */
export function takeAtom(part: Part, atom: OfficeRecord): void {
  const { reader } = part.stream;
  if (atom.end - atom.start > 4 && reader.has(atom.start, 'PK\x03\x04')) {
    examineWithin(part, atom.start, atom.end, 'embedded.zip');
    return;
  }
  if (atom.type !== FILE_BLOCK_ENTRY) {
    examineBlip(part, atom);
    return;
  }
  const at =
    atom.start + ENTRY_HEADER + (atom.end - atom.start >= ENTRY_HEADER ? reader.u8(atom.start + 33) : 0);
  if (at + 8 <= atom.end) examineBlip(part, readOfficeRecord(reader, at, atom.end));
}
