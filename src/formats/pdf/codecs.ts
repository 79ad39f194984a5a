import { BufferSource, SliceSource } from '../../bytes/source.ts';
import type { PdfDocument } from './document.ts';
import { memberName, type PdfStream, requireLength } from './stream-kind.ts';

/** Filters that are image formats of their own; null: no format of ours reads it. */
const extensions: ReadonlyMap<string, string | null> = new Map([
  ['DCTDecode', 'jpg'],
  ['JPXDecode', 'jp2'],
  ['JBIG2Decode', null],
  ['CCITTFaxDecode', null],
]);

export function isCodec(filter: string): boolean {
  return extensions.has(filter);
}

/**
 * Examines an image as the format that its filter is.
 * @param decoded the image, where filters before were undone; null where it stands in the file as it is
 */
export function examineCodec(
  document: PdfDocument,
  stream: PdfStream,
  filter: string,
  decoded: Uint8Array | null,
): void {
  const extension = extensions.get(filter) ?? null;
  const range = { start: stream.start, end: stream.end };
  if (extension === null) {
    requireLength(stream);
    if (decoded === null) document.ledger.coded(range.start, range.end, `${filter} image`);
    else document.ledger.unexamined(range.start, range.end, `${filter} image inside other filters`);
    return;
  }
  const name = memberName(stream.dictionary, stream.object, extension);
  if (decoded !== null) {
    document.context.examine(name, new BufferSource(decoded), range);
    return;
  }
  const end = trimLineEnd(document, stream.start, stream.end);
  const source = new SliceSource(document.reader.source, stream.start, end);
  const { ledger } = document.context.examine(name, source, { start: stream.start, end });
  document.ledger.adopt(ledger, stream.start);
  document.ledger.account(end, stream.end, 'structure', 'end-of-line counted in /Length');
}

/** Some writers count the end-of-line before `endstream` as data: a JPEG ends with FF D9. */
function trimLineEnd({ reader }: PdfDocument, start: number, end: number): number {
  if (end - start > 4 && reader.has(end - 4, [0xff, 0xd9, 0x0d, 0x0a])) return end - 2;
  if (end - start > 3 && (reader.has(end - 3, [0xff, 0xd9, 0x0a]) || reader.has(end - 3, [0xff, 0xd9, 0x0d])))
    return end - 1;
  return end;
}
