import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/**
 * Follows the chain of NAL units in a sample (ISO/IEC 14496-15 section 4.3.3): lengths must end exactly with it, and no
 * unit may have the forbidden bit (H.264 section 7.4.1, H.265 section 7.4.2.2). Returns the longest unit in bytes.
 * @throws Broken
 */
export function walkNalUnits(reader: Reader, start: number, end: number, lengthBytes: number): number {
  let longest = 0;
  for (let at = start; at < end; ) {
    reader.meter.step();
    if (at + lengthBytes > end) throw new Broken(at, 'NAL unit length', `${lengthBytes} bytes`, end - at);
    const length = readLength(reader, at, lengthBytes);
    const unit = at + lengthBytes;
    if (unit + length > end) throw new Broken(at, 'NAL unit length', `at most ${end - unit}`, length);
    if (length > 0 && reader.u8(unit) >= 0x80) throw new Broken(unit, 'NAL unit', 'forbidden bit 0', 1);
    longest = Math.max(longest, length);
    at = unit + length;
  }
  return longest;
}

function readLength(reader: Reader, at: number, bytes: number): number {
  if (bytes === 4) return reader.u32be(at);
  if (bytes === 3) return reader.u24be(at);
  return bytes === 2 ? reader.u16be(at) : reader.u8(at);
}
