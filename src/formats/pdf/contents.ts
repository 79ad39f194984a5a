import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import type { Proof } from '../../ledger/terms.ts';
import { readContent } from './content.ts';
import type { PdfDocument } from './document.ts';
import { filtersOf } from './filters.ts';
import { checkObjectStream, describeObjectStream } from './object-stream.ts';
import { rowLayoutOf, undoPredictor } from './predictor.ts';
import type { Sniffer } from './sniff.ts';
import { memberName, type PdfStream, sampleBytes } from './stream-kind.ts';
import { readText } from './text.ts';
import { walkXrefStream } from './xref.ts';

/** What a stream decoded to. */
export interface Contents {
  readonly sniffer: Sniffer;
  /** All of it; null where it's too long to hold. */
  readonly bytes: Uint8Array | null;
  /** The image codec that is still to be undone; null where there's none. */
  readonly codec: string | null;
}

export interface ContentsProof {
  readonly proof: Proof;
  /** In encoded bytes. */
  readonly floor: number;
}

/** Shorter contents of unknown kind tell nothing as a file of their own, in bytes. */
const SHORTEST_MEMBER = 512;

/**
 * Looks at what a stream decoded to.
 * @param proved whether the encoded bytes are proved already, so that the contents are what their writer wrote
 * @returns what the contents prove, where they had to
 * @throws Broken
 */
export function judgeContents(
  document: PdfDocument,
  stream: PdfStream,
  contents: Contents,
  proved: boolean,
): ContentsProof | null {
  if (stream.kind === 'xref' || stream.kind === 'objects')
    return judgeStructural(document, stream, contents, proved);
  if (proved) {
    if (deservesExamination(stream, contents)) examineContents(document, stream, contents);
    return null;
  }
  return stream.kind === 'image'
    ? judgeSamples(document, stream, contents)
    : judgeText(document, stream, contents);
}

function judgeStructural(document: PdfDocument, stream: PdfStream, { bytes }: Contents, proved: boolean) {
  if (bytes === null) {
    document.ledger.unexamined(stream.start, stream.end, 'structural stream of more than 32 MiB');
    return null;
  }
  const last = filtersOf(stream.dictionary, (value) => document.resolve(value)).at(-1);
  const plain = last === undefined ? bytes : undoPredictor(bytes, rowLayoutOf(last.parameters));
  try {
    checkStructural(document, stream, plain);
  } catch (error) {
    if (!proved || !(error instanceof Broken)) throw error;
    document.oddity(stream.start, `${stream.kind} stream: ${error.what}`);
  }
  return { proof: 'decoder', floor: 64 } as const;
}

/** @throws Broken */
export function checkStructural({ reader }: PdfDocument, stream: PdfStream, plain: Uint8Array): void {
  if (stream.kind === 'xref')
    walkXrefStream(stream.dictionary, plain, stream.start, () => reader.meter.step());
  else checkObjectStream(describeObjectStream(reader, stream.start, stream.dictionary, plain));
}

function deservesExamination({ kind }: PdfStream, { sniffer }: Contents): boolean {
  if (kind === 'file') return true;
  if (sniffer.length < SHORTEST_MEMBER) return false;
  if (kind === 'free') return sniffer.printable < 0.9;
  return (kind === 'text' || kind === 'content') && sniffer.random;
}

function examineContents(document: PdfDocument, stream: PdfStream, { bytes }: Contents): void {
  const range = { start: stream.start, end: stream.end };
  if (bytes === null) {
    document.ledger.unexamined(range.start, range.end, 'embedded file of more than 32 MiB');
    return;
  }
  if (stream.kind === 'free' && isPageContent(document, bytes)) return;
  document.context.examine(memberName(stream.dictionary, stream.object), new BufferSource(bytes), range);
}

function isPageContent({ reader }: PdfDocument, bytes: Uint8Array): boolean {
  const { operators, failure } = readContent(
    new Reader(new BufferSource(bytes), reader.meter),
    0,
    bytes.length,
  );
  return failure === null && operators > 0;
}

/** An image whose samples come out in the right number was decoded in step throughout. */
function judgeSamples(document: PdfDocument, stream: PdfStream, { sniffer }: Contents): ContentsProof | null {
  const expected = sampleBytes(document, stream.dictionary);
  if (expected === null || sniffer.length === 0) return null;
  if (sniffer.length !== expected) {
    const what = 'samples of an image';
    if (sniffer.length < expected) throw new Broken(stream.start, what, `${expected} bytes`, sniffer.length);
    document.oddity(stream.start, `${what}: more than its size asks for`);
  }
  return stream.kind === 'image' && usesLzw(document, stream) ? { proof: 'decoder', floor: 512 } : null;
}

function usesLzw(document: PdfDocument, { dictionary }: PdfStream): boolean {
  return filtersOf(dictionary, (value) => document.resolve(value)).some(({ name }) => name === 'LZWDecode');
}

/** Text and page content prove the code that they come out of: one changed byte spreads over several. */
function judgeText(
  document: PdfDocument,
  stream: PdfStream,
  { bytes, sniffer }: Contents,
): ContentsProof | null {
  if (bytes === null || bytes.length === 0) return null;
  const reader = new Reader(new BufferSource(bytes), document.reader.meter);
  const text = readText(reader, 0, bytes.length);
  if (text.brokenAt < 0) return { proof: 'grammar', floor: 2 * text.floor };
  const content = readContent(reader, 0, bytes.length);
  if (content.failure === null && content.operators > 0) return { proof: 'grammar', floor: 64 };
  if (stream.kind === 'binary' || stream.kind === 'font' || stream.kind === 'file') return null;
  if (content.operators > 2 || sniffer.printable > 0.6) {
    throw content.failure ?? new Broken(stream.start, 'decoded text', 'text', 'other bytes');
  }
  if (deservesExamination(stream, { bytes, sniffer, codec: null })) {
    examineContents(document, stream, { bytes, sniffer, codec: null });
  }
  return null;
}
