import { OverBudget } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import type { Proof } from '../../ledger/terms.ts';
import { isCodec } from './codecs.ts';
import type { Contents } from './contents.ts';
import type { PdfDocument } from './document.ts';
import { type Decoding, decoderOf, decodeWhole, type Filter } from './filters.ts';
import { Sniffer } from './sniff.ts';
import type { PdfStream } from './stream-kind.ts';

/** Most decoded bytes of one stream that are held in memory. */
export const MOST_HELD = 32 << 20;

export interface Decoded {
  /** The strongest proof that the steps themselves give; null where the contents must speak. */
  readonly proof: { readonly proof: Proof; readonly floor: number } | null;
  /** Offset behind the encoded data in the file. */
  readonly end: number;
  readonly contents: Contents;
}

interface Input {
  readonly reader: Reader;
  readonly start: number;
  readonly end: number;
}

/** Undoes the filters in turn; null, noted as unexamined, where one has no decoder. @throws Broken, OverBudget */
export function decodeSteps(
  document: PdfDocument,
  stream: PdfStream,
  steps: readonly Filter[],
): Decoded | null {
  let input: Input = { reader: document.reader, start: stream.start, end: stream.end };
  const decodings: Decoding[] = [];
  for (const [i, step] of steps.entries()) {
    if (isCodec(step.name)) return describe(document, stream, decodings, codedContents(step, input));
    if (decoderOf(step) === undefined) {
      document.ledger.unexamined(stream.start, stream.end, `PDF filter ${step.name || 'without name'}`);
      return null;
    }
    if (i === steps.length - 1) {
      const contents = decodeLast(input, step, stream, decodings);
      return describe(document, stream, decodings, contents);
    }
    const { decoding, bytes } = decodeWhole(step, input.reader, input.start, input.end, MOST_HELD);
    decodings.push(decoding);
    input = {
      reader: new Reader(new BufferSource(bytes), document.reader.meter),
      start: 0,
      end: bytes.length,
    };
  }
  return null;
}

function codedContents({ name }: Filter, { reader, start, end }: Input): Contents {
  const bytes = reader.whole(start, end);
  return { sniffer: new Sniffer(), bytes, codec: name };
}

/** Decodes the last step, holding its output where it's small enough to be looked at as a whole. */
function decodeLast(
  { reader, start, end }: Input,
  step: Filter,
  stream: PdfStream,
  decodings: Decoding[],
): Contents {
  const sniffer = new Sniffer();
  const pieces: Buffer[] = [];
  let isHeld = stream.kind !== 'image' || step.name !== 'FlateDecode';
  const decoding = decoderOf(step)!(reader, start, end, (piece) => {
    sniffer.feed(piece);
    if (isHeld && sniffer.length <= MOST_HELD) pieces.push(Buffer.from(piece));
    else {
      isHeld = false;
      pieces.length = 0;
    }
  });
  decodings.push(decoding);
  return { sniffer, bytes: isHeld ? Buffer.concat(pieces) : null, codec: null };
}

function describe(
  document: PdfDocument,
  stream: PdfStream,
  decodings: readonly Decoding[],
  contents: Contents,
): Decoded {
  const first = decodings[0];
  if (first === undefined) throw new OverBudget('filters without decoder', 0);
  for (const { oddity } of decodings) if (oddity !== undefined) document.oddity(stream.start, oddity);
  return { proof: strongest(decodings), end: first.end, contents };
}

/** A sum over any step covers what was decoded to it; 2 since white space in ASCII filters doesn't count. */
function strongest(decodings: readonly Decoding[]): Decoded['proof'] {
  if (decodings.some(({ proof }) => proof === 'checksum')) {
    return { proof: 'checksum', floor: decodings.length > 1 ? 2 : 1 };
  }
  const [first] = decodings;
  return first?.proof === 'grammar' ? { proof: 'grammar', floor: first.floor } : null;
}
