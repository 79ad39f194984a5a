import { doubt } from '../doubt.ts';
import { takeAtom, verifyDrawing } from '../escher/drawing.ts';
import { type OfficeRecord, walkAtoms } from '../escher/records.ts';
import { accountRest } from '../leftovers.ts';
import type { Part } from '../part.ts';
import { attempt } from '../stream.ts';
import { accountTextPiece } from '../text-piece.ts';
import { examineAt, examineInflated } from '../unknown.ts';
import { findSeal } from './crypt-session.ts';

const TEXT_CHARS = 0x0fa0;
const TEXT_BYTES = 0x0fa8;
const C_STRING = 0x0fba;
const SOUND_DATA = 0x07e7;
const OBJECT_STORAGE = 0x1011;

/** The records of a presentation, which fill its stream (MS-PPT §2.1.2). */
export function verifyPresentation(part: Part): void {
  const { stream, compound } = part;
  const { reader, ledger, size } = stream;
  const seal = findSeal(compound);
  if (seal !== null) {
    ledger.protect(0, size, 'PowerPoint RC4 CryptoAPI encryption', seal);
    return;
  }
  attempt(ledger, () => {
    for (const atom of walkAtoms(reader, 0, size, (error) => doubt(stream, error))) takeRecord(part, atom);
  });
  accountRest(stream);
}

function takeRecord(part: Part, atom: OfficeRecord): void {
  const { stream } = part;
  const { type, start, end } = atom;
  if (type === TEXT_CHARS || type === C_STRING) accountTextPiece(stream, start, end, 'wide', 'text');
  else if (type === TEXT_BYTES) accountTextPiece(stream, start, end, 'narrow', 'text');
  else if (type === OBJECT_STORAGE) examineObject(part, atom);
  else if (type === SOUND_DATA && end - start > 12) examineAt(part, start, end, 'sound.wav');
  else takeAtom(part, atom);
}

/** An object's compound file, deflated or as it is (§2.10.34). */
function examineObject(part: Part, { instance, start, end }: OfficeRecord): void {
  if (instance === 1 && end - start > 4)
    examineInflated(part, start + 4, end, 'object', part.stream.reader.u32le(start));
  else if (end > start) examineAt(part, start, end, 'object');
}

/** Pictures stand apart from the slides (MS-PPT §2.1.3), and are encrypted with them. */
export function verifyPictures(part: Part): void {
  const { stream, compound } = part;
  const seal = findSeal(compound);
  if (seal === null) verifyDrawing(part);
  else stream.ledger.protect(0, stream.size, 'PowerPoint RC4 CryptoAPI encryption', seal);
}
