import { Broken } from '../../bytes/errors.ts';
import { SliceSource } from '../../bytes/source.ts';
import { type ContentReading, readContent } from './content.ts';
import { checkStructural } from './contents.ts';
import { MOST_HELD } from './decode.ts';
import type { PdfDocument } from './document.ts';
import { GrammarPen } from './grammar-pen.ts';
import { Sniffer } from './sniff.ts';
import { memberName, type PdfStream, requireLength, sampleBytes } from './stream-kind.ts';
import { readText } from './text.ts';

/** In bytes; (98/256)^48 of random ones is nothing but printable. */
const TEXT_WINDOW = 48;

/** Accounts for a stream without filters: its bytes must speak for themselves. @throws Broken, OverBudget */
export function provePlain(document: PdfDocument, stream: PdfStream): void {
  if (stream.start === stream.end) return;
  switch (stream.kind) {
    case 'xref':
    case 'objects':
      proveStructural(document, stream);
      break;
    case 'image':
      declareSamples(document, stream);
      break;
    case 'file':
    case 'font':
      examineInPlace(document, stream);
      break;
    case 'binary':
      proveOrDeclare(document, stream);
      break;
    default:
      proveText(document, stream);
  }
}

function proveStructural(document: PdfDocument, stream: PdfStream): void {
  const { reader, ledger } = document;
  const { start, end } = stream;
  if (end - start > MOST_HELD) {
    ledger.unexamined(start, end, 'structural stream of more than 32 MiB');
    return;
  }
  const bytes = reader.whole(start, end);
  checkStructural(document, stream, bytes);
  if (stream.kind === 'xref') ledger.account(start, end, 'structure', 'cross-reference entries', 32);
  else ledger.account(start, end, 'grammar', 'objects of an object stream');
}

function declareSamples(document: PdfDocument, stream: PdfStream): void {
  requireLength(stream);
  const expected = sampleBytes(document, stream.dictionary);
  const length = stream.end - stream.start;
  if (expected !== null && expected !== length)
    document.oddity(stream.start, 'samples of an image differ from its size');
  document.ledger.raw(stream.start, stream.end, 'image samples');
}

/** The member's own proofs hold here as well: its bytes stand in the file as they are. */
function examineInPlace(document: PdfDocument, stream: PdfStream): void {
  requireLength(stream);
  const { dictionary, object, start, end } = stream;
  const source = new SliceSource(document.reader.source, start, end);
  const { ledger } = document.context.examine(memberName(dictionary, object), source, { start, end });
  document.ledger.adopt(ledger, start);
}

function proveOrDeclare(document: PdfDocument, stream: PdfStream): void {
  const { start, end } = stream;
  const text = readText(document.reader, start, end);
  if (text.brokenAt < 0) {
    document.ledger.account(start, end, 'grammar', 'text in a stream', text.floor);
    return;
  }
  requireLength(stream);
  document.ledger.raw(start, end, 'binary table');
}

function proveText(document: PdfDocument, stream: PdfStream): void {
  const { reader, ledger } = document;
  const { start, end } = stream;
  const text = readText(reader, start, end);
  if (text.brokenAt < 0) {
    ledger.account(start, end, 'grammar', 'text in a stream', text.floor);
    return;
  }
  const content = readContent(reader, start, end);
  if (content.failure === null && content.operators > 0) accountContent(document, stream, content.unproved);
  else proveUnknown(document, stream, content, text.brokenAt);
}

/** Text that breaks off is a contradiction; so are random bytes: no honest stream without filters has them. */
function proveUnknown(
  document: PdfDocument,
  stream: PdfStream,
  content: ContentReading,
  brokenAt: number,
): void {
  const { start, end } = stream;
  const sniffer = sniff(document, start, end);
  const isText = stream.kind !== 'free' || hasText(document, start, end);
  if (content.operators > 2 || isText || sniffer.printable > 0.6) {
    throw content.failure ?? new Broken(brokenAt, 'text in a stream', 'text', 'other bytes');
  }
  if (isJbig2(document, start)) document.ledger.coded(start, end, 'JBIG2 symbols');
  else if (sniffer.random) throw new Broken(start, 'contents of a stream', 'a known kind', 'random bytes');
  else examineInPlace(document, stream);
}

function accountContent(
  document: PdfDocument,
  { start, end }: PdfStream,
  unproved: readonly { start: number; end: number }[],
) {
  const pen = new GrammarPen(document.ledger, start, 'page content');
  for (const piece of unproved) {
    pen.leaveOut(piece.start, piece.end);
    document.ledger.raw(piece.start, piece.end, 'inline image or binary string');
  }
  pen.upTo(end);
}

/** At least an eighth of the windows is nothing but printable: no binary data, then, but broken text. */
function hasText({ reader }: PdfDocument, start: number, end: number): boolean {
  let windows = 0;
  let printable = 0;
  for (let at = start; at + TEXT_WINDOW <= end; at += TEXT_WINDOW) {
    windows++;
    if (readText(reader, at, at + TEXT_WINDOW).brokenAt < 0) printable++;
  }
  return printable * 8 > windows;
}

function sniff({ reader }: PdfDocument, start: number, end: number): Sniffer {
  const sniffer = new Sniffer();
  for (const part of reader.stream(start, end)) sniffer.feed(part);
  return sniffer;
}

/** Global segments of JBIG2 images (ISO 32000-1 §7.4.7) begin with segment 0: a dictionary for page 0 or 1. */
function isJbig2({ reader }: PdfDocument, start: number): boolean {
  return reader.has(start, [0, 0, 0, 0]) && start + 11 < reader.size && (reader.u8(start + 4) & 0x3f) <= 53;
}
