import type { Reader } from '../../bytes/reader.ts';

const PIECE = 1 << 16;
/** A part is recognised by so many bytes at most. */
const OVERLAP = 64;
const PART = /(?<![^\r\n\0 >])(\d{1,10} \d{1,5} obj\b|xref[\r\n ]|trailer\b|startxref\b|%%EOF)/;

/** Offset of the next thing that looks like a part of a PDF file, from `start` on; null where there's none. */
export function findNextPart(reader: Reader, start: number): number | null {
  for (let at = start; at < reader.size; at += PIECE - OVERLAP) {
    reader.meter.step();
    const text = reader.latin1(at, Math.min(PIECE, reader.size - at));
    const match = PART.exec(text);
    if (match !== null) return at + match.index;
  }
  return null;
}
