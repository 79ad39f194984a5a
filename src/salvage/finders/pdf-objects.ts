import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import type { Finder } from '../item.ts';
import { floorWithin, ProvedRanges } from '../proved-ranges.ts';
import { readerOf } from '../reader-of.ts';

const END = 'endobj';
/** A larger object isn't looked for. */
const LONGEST = 64 << 20;
/** Number, generation and `obj` (ISO 32000-1 §7.3.10). */
const HEAD = /(\d{1,10})[ \r\n\t]+(\d{1,5})[ \r\n\t]$/;
const BEFORE = 24;

interface PdfObject {
  readonly number: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Objects of a PDF file, as they stand there: tokens by the grammar, streams by their decoder's own end and Adler-32. The
 * cross-references may be lost. Pages, their contents and fonts are objects; embedded files and pictures are members.
 */
export const pdfObjects: Finder = {
  suits: ({ examination }) => examination.evidence.identity.verifier?.id === 'pdf',

  find(subject, take) {
    const { ledger } = subject.examination.evidence;
    const reader = readerOf(subject);
    const proved = new ProvedRanges(ledger);
    for (const object of objectsIn(reader)) {
      if (!proved.covers(object)) continue;
      const isWanted = take({
        kind: 'object',
        name: `object-${object.number}.txt`,
        size: object.end - object.start,
        ranges: [{ start: object.start, end: object.end }],
        proof: 'tokens by the grammar of PDF, streams decoded to their end',
        floor: floorWithin(ledger, object),
        source: new SliceSource(subject.source, object.start, object.end),
      });
      if (!isWanted) return;
    }
  },
};

function* objectsIn(reader: Reader): Generator<PdfObject> {
  for (let at = 0; ; at++) {
    reader.meter.step();
    at = reader.indexOf('obj', at, reader.size);
    if (at < 0) return;
    const from = Math.max(0, at - BEFORE);
    const head = HEAD.exec(reader.latin1(from, at - from));
    if (head === null) continue;
    const end = endOf(reader, at);
    if (end === null) continue;
    yield { number: `${head[1]}-${head[2]}`, start: from + head.index, end };
    at = end - 1;
  }
}

/** Behind the `endobj` that ends the object: where it has a stream, that follows `endstream` (§7.3.8.1). */
function endOf(reader: Reader, start: number): number | null {
  const limit = Math.min(reader.size, start + LONGEST);
  const stream = reader.indexOf('stream', start, limit);
  for (let at = start; ; at++) {
    reader.meter.step();
    at = reader.indexOf(END, at, limit);
    if (at < 0) return null;
    const hasStream = stream >= 0 && stream < at;
    if (!hasStream || /endstream\s*$/.test(reader.latin1(Math.max(0, at - BEFORE), Math.min(at, BEFORE))))
      return at + END.length;
  }
}
