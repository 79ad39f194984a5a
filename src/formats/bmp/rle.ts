import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

const END_OF_LINE = 0;
const END_OF_BITMAP = 1;
const DELTA = 2;

/**
 * Walks RLE4 or RLE8 codes (Windows GDI, "Bitmap compression") up to the end of the bitmap and returns where that is.
 * @throws Broken where a run leaves the bitmap; Truncated
 */
export function walkRle(
  reader: Reader,
  { start, end }: Range,
  width: number,
  height: number,
  bits: number,
): number {
  let [x, y] = [0, 0];
  for (let at = start; ; ) {
    reader.meter.step();
    if (at + 2 > end) throw overrun(reader, end, 'end of the bitmap', at + 2 - end);
    const [count, value] = [reader.u8(at), reader.u8(at + 1)];
    at += 2;
    if (count > 0) x += count;
    else if (value === END_OF_BITMAP) return at;
    else if (value === END_OF_LINE) [x, y] = [0, y + 1];
    else if (value === DELTA) {
      [x, y] = [x + reader.u8(at, 'delta'), y + reader.u8(at + 1)];
      at += 2;
    } else {
      x += value;
      const bytes = Math.ceil((value * bits) / 8);
      at += bytes + (bytes & 1);
    }
    if (at > end) throw overrun(reader, end, 'run of pixels', at - end);
    if (x > width) throw new Broken(at, 'run of pixels', `${width} columns`, x);
    if (y > height) throw new Broken(at, 'run of pixels', `${height} rows`, y);
  }
}

/**
 * Bytes in which random runs leave a row with probability 1 − 10⁻⁶: k runs of up to 255 stay within with about
 * (width / 255)ᵏ / k!; before them up to 255 bytes of literal pixels may go unnoticed.
 */
export function rleFloor(width: number): number {
  let within = 1;
  let runs = 0;
  while (within > 1e-6 && runs < width) {
    runs++;
    within *= width / 255 / runs;
  }
  return 256 + 2 * runs;
}
