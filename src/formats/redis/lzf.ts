import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/**
 * Follows the elements of an LZF stream, which must give exactly `size` bytes and reach back into them only (LibLZF,
 * lzf_d.c). Nothing is produced.
 * @throws Broken, Truncated
 */
export function checkLzf(reader: Reader, start: number, packed: number, size: number): void {
  const end = start + packed;
  let produced = 0;
  for (let at = start; at < end; ) {
    reader.meter.step();
    const control = reader.u8(at++, 'LZF stream');
    if (control < 32) {
      produced += control + 1;
      at += control + 1;
      if (at > end) throw new Broken(at, 'literals of an LZF stream', `up to ${end}`, at);
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += reader.u8(at++, 'LZF stream');
    const distance = ((control & 31) << 8) + reader.u8(at++, 'LZF stream') + 1;
    if (distance > produced)
      throw new Broken(at - 2, 'distance of an LZF stream', `up to ${produced}`, distance);
    produced += length + 2;
  }
  if (produced !== size) throw new Broken(start, 'length of an LZF stream', size, produced);
}
