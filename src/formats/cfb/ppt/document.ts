import { Broken } from '../../../bytes/errors.ts';
import { doubt } from '../doubt.ts';
import { takeAtom, verifyDrawing } from '../escher/drawing.ts';
import { findRecords, type OfficeRecord, walkAtoms } from '../escher/records.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { accountTextPiece } from '../text-piece.ts';
import { examineAt, inflateDeclared } from '../unknown.ts';
import { findSeal } from './crypt-session.ts';

const TEXT_CHARS = 0x0fa0;
const TEXT_BYTES = 0x0fa8;
const C_STRING = 0x0fba;
const USER_EDIT = 0x0ff5;
const SOUND_DATA = 0x07e7;
const OBJECT_STORAGE = 0x1011;

/** The records of a presentation, which fill its stream (MS-PPT §2.1.2). */
export function verifyPresentation(part: Part): void {
  const { stream, compound } = part;
  const { ledger, size } = stream;
  const seal = findSeal(compound);
  if (seal !== null) {
    ledger.protect(0, size, 'PowerPoint RC4 CryptoAPI encryption', seal);
    return;
  }
  for (let at = 0; at < size; ) at = walkOn(part, at);
  accountRest(part);
}

/** Walks records from `start`, and gives where others go on behind some that are none; the end if they all were. */
function walkOn(part: Part, start: number): number {
  const { stream } = part;
  const { reader, ledger, size } = stream;
  let last = 0;
  try {
    for (const atom of walkAtoms(reader, start, size, (error) => doubt(stream, error))) {
      takeRecord(part, atom);
      last = atom.type;
    }
    return size;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const next = findRecords(reader, error.at + 1, size);
    // Behind the edit that was saved last, a stream may hold anything.
    if (last === USER_EDIT) ledger.oddity(error.at, 'bytes behind the last edit');
    else ledger.broken(error, next);
    return next;
  }
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
  const size = end - start > 4 ? part.stream.reader.u32le(start) : 0;
  if (instance === 1 && size > 0) inflateDeclared(part, start + 4, end, 'object', { size });
  else if (end > start) examineAt(part, start, end, 'object');
}

/** Pictures stand apart from the slides (MS-PPT §2.1.3), and are encrypted with them. */
export function verifyPictures(part: Part): void {
  const { stream, compound } = part;
  const seal = findSeal(compound);
  if (seal === null) verifyDrawing(part);
  else stream.ledger.protect(0, stream.size, 'PowerPoint RC4 CryptoAPI encryption', seal);
}
