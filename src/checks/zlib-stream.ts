import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { adler32 } from './adler32.ts';
import { type Inflated, inflate } from './inflate.ts';

/** Whether these two bytes can begin a zlib stream (RFC 1950 §2.2): deflate, window up to 32 KiB, check bits right. */
export function isZlibHeader(cmf: number, flg: number): boolean {
  return (cmf & 15) === 8 && cmf >> 4 <= 7 && ((cmf << 8) | flg) % 31 === 0;
}

/**
 * Decodes one zlib stream (RFC 1950) and compares its Adler-32. `consumed` counts header and trailer too.
 * The output goes to `sink` in pieces, each valid during the call only; a sink that returns false ends it there.
 * @throws Broken at the byte where the stream contradicts; Truncated; OverBudget
 */
export function inflateZlib(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => unknown,
): Inflated {
  expectHeader(reader, start);
  let computed = 1;
  const inflated = inflate(reader, start + 2, end, (piece) => {
    computed = adler32(piece, computed);
    return sink(piece);
  });
  if (!inflated.isComplete) return inflated;
  const sumAt = start + 2 + inflated.consumed;
  if (sumAt + 4 > end) throw new Truncated(end, 'Adler-32', sumAt + 4 - end);
  const stored = reader.u32be(sumAt, 'Adler-32');
  if (stored !== computed) throw new Broken(sumAt, 'Adler-32', stored, computed);
  return { ...inflated, consumed: inflated.consumed + 6 };
}

function expectHeader(reader: Reader, start: number): void {
  const cmf = reader.u8(start, 'zlib header');
  const flg = reader.u8(start + 1, 'zlib header');
  if (!isZlibHeader(cmf, flg))
    throw new Broken(start, 'zlib header', 'deflate with check bits', `${cmf} ${flg}`);
  // RFC 1950 §2.2: a preset dictionary is agreed upon outside of the stream; files have none.
  if ((flg & 0x20) !== 0) throw new Broken(start + 1, 'zlib preset dictionary', 'none', 'one');
}
