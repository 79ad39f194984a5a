import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { Body } from './body.ts';
import { PdfDocument } from './document.ts';
import { checkPlaces } from './places.ts';
import { readEncryption } from './read-encryption.ts';
import { findNextPart } from './resync.ts';
import { loadCrossReferences } from './xref.ts';

/** Readers look for the header in so many bytes at the start (ISO 32000-1, annex H, note 13). */
const HEADER_WITHIN = 1024;

export const pdf: Format = {
  id: 'pdf',
  title: 'Portable Document Format',
  extensions: ['pdf', 'ai'],
  signatures: [{ at: 0, hex: '255044462d' }],
  spec: 'ISO 32000-1 and -2, section 7',
  proof:
    'every byte tokenised, streams decoded, Adler-32 of Flate streams, cross-references checked; JPX, JBIG2 and fax images and binary strings stay unproved',
  texture: 'packed',
  recognise: (head) => findHeader(head) > 0,
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const document = new PdfDocument(reader, ledger, context);
    document.headerAt = readHeader(document);
    const trailers = loadCrossReferences(document);
    document.encryption = readEncryption(document, trailers);
    readBody(document);
    checkPlaces(document, trailers);
    document.encryption?.conclude(ledger);
  },
};

function findHeader(head: Uint8Array): number {
  const window = head.subarray(0, HEADER_WITHIN);
  return Buffer.from(window.buffer, window.byteOffset, window.length).indexOf('%PDF-');
}

function readHeader({ reader, ledger }: PdfDocument): number {
  const at = findHeader(reader.bytes(0, Math.min(HEADER_WITHIN, reader.size)));
  if (at < 0) {
    ledger.broken(new Broken(0, 'header', '%PDF-'));
    return 0;
  }
  if (at > 0) ledger.oddity(0, `${at} bytes before the header`);
  return at;
}

function readBody(document: PdfDocument): void {
  const body = new Body(document, document.headerAt);
  for (let goesOn = true; goesOn; ) {
    const start = body.at;
    try {
      goesOn = body.next();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      goesOn = goOnAfter(document, body, error, start);
    }
  }
  checkEnd(document, body);
}

/** Goes on with the next part that can be recognised; false where there's none. */
function goOnAfter(document: PdfDocument, body: Body, error: Broken, start: number): boolean {
  const { reader, ledger } = document;
  const next = findNextPart(reader, Math.max(start + 1, Math.min(error.at, reader.size)));
  if (next === null && body.endOfFile > 0 && body.last === 'end of file') {
    ledger.trailing(body.partStart, reader.size);
    return false;
  }
  ledger.broken(error, next ?? reader.size);
  body.at = next ?? reader.size;
  return next !== null;
}

/** `%%EOF` is the last line (ISO 32000-1 §7.5.5): without it, the end of the file was cut off. */
function checkEnd({ reader, ledger }: PdfDocument, { last }: Body): void {
  if (last === 'end of file') return;
  ledger.broken(new Truncated(reader.size, last === 'startxref' ? '%%EOF' : 'cross-reference section', 5));
}
