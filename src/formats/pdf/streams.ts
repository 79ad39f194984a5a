import { Broken } from '../../bytes/errors.ts';
import { examineCodec, isCodec } from './codecs.ts';
import { type Contents, judgeContents } from './contents.ts';
import { decodeSteps } from './decode.ts';
import type { PdfDocument } from './document.ts';
import { checkSealedLength } from './encryption.ts';
import { type Filter, filtersOf } from './filters.ts';
import { provePlain } from './plain-streams.ts';
import { type PdfStream, requireLength } from './stream-kind.ts';
import { nameIn } from './values.ts';

/** Accounts for the data of a stream. Contradictions are noted: they end with the stream. */
export function verifyStream(document: PdfDocument, stream: PdfStream): void {
  try {
    proveStream(document, stream);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    document.ledger.broken(atMost(error, stream), stream.end);
  }
}

function proveStream(document: PdfDocument, stream: PdfStream): void {
  const filters = filtersOf(stream.dictionary, (value) => document.resolve(value));
  if (sealStream(document, stream, filters)) return;
  const steps = filters.filter(({ name }) => name !== 'Crypt');
  const first = steps[0];
  if (first === undefined) provePlain(document, stream);
  else if (isCodec(first.name)) examineCodec(document, stream, first.name, null);
  else proveFiltered(document, stream, steps);
}

function proveFiltered(document: PdfDocument, stream: PdfStream, steps: readonly Filter[]): void {
  const decoded = decodeSteps(document, stream, steps);
  if (decoded === null) return;
  const contentsProof = judge(document, stream, decoded.contents, decoded.proof !== null);
  const proof = decoded.proof ?? contentsProof;
  const by = `${steps.map(({ name }) => name).join(', ')} stream`;
  if (proof !== null) document.ledger.account(stream.start, decoded.end, proof.proof, by, proof.floor);
  else {
    requireLength(stream);
    document.ledger.raw(stream.start, decoded.end, by);
  }
  accountRest(document, decoded.end, stream.end);
}

function judge(document: PdfDocument, stream: PdfStream, contents: Contents, proved: boolean) {
  if (contents.codec !== null) {
    examineCodec(document, stream, contents.codec, contents.bytes);
    return null;
  }
  return judgeContents(document, stream, contents, proved);
}

/** True where the stream is the owner's ciphertext. */
function sealStream(
  document: PdfDocument,
  { dictionary, start, end }: PdfStream,
  filters: readonly Filter[],
): boolean {
  const { encryption } = document;
  if (encryption === null) return false;
  const crypt = filters.find(({ name }) => name === 'Crypt');
  const cipher = encryption.cipherOf(
    dictionary,
    crypt === undefined ? null : nameIn(crypt.parameters, 'Name') || 'Identity',
  );
  if (cipher.cipher === 'none') return false;
  checkSealedLength(cipher, start, end);
  encryption.seal(start, end);
  return true;
}

/** Between the end of the encoded data and /Length: white space that was counted in, or something else. */
function accountRest(document: PdfDocument, start: number, end: number): void {
  const { ledger, reader } = document;
  const isSpacing = (at: number) => [0x00, 0x0a, 0x0d, 0x20, 0x09].includes(reader.u8(at));
  let at = start;
  while (at < end && isSpacing(at)) at++;
  ledger.account(start, at, 'padding', 'white space at the end of a stream');
  if (at === end) return;
  document.oddity(at, 'bytes after the encoded data of a stream');
  if (end - at > 16) throw new Broken(at, 'end of the encoded data', `${end}`, `${at}`);
}

/** Decoders of later steps count from the start of what they decode; in the file the stream bounds it. */
function atMost(error: Broken, { start, end }: PdfStream): Broken {
  if (error.at >= start && error.at <= end) return error;
  return new Broken(start, error.what, error.expected, error.actual);
}
