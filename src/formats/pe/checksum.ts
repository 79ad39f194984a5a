import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Image } from './layout.ts';

/**
 * The checksum of the image: its 16-bit words, summed with their carries, plus its length. Linkers write it only when
 * asked; many tools change images without it. Windows demands it of drivers.
 */
export function verifyChecksum(reader: Reader, ledger: Ledger, image: Image): void {
  const stored = reader.u32le(image.checksumAt);
  if (stored === 0) return;
  const computed = sumWords(reader, image.checksumAt) + reader.size;
  if (computed === stored) return;
  const error = new Broken(image.checksumAt, 'checksum of the image', computed, stored);
  if (image.isDriver) ledger.broken(error, image.checksumAt + 4);
  else ledger.oddity(image.checksumAt, error.message);
}

function sumWords(reader: Reader, checksumAt: number): number {
  let sum = 0;
  let offset = 0;
  for (const part of reader.stream(0, reader.size & ~1)) {
    for (let at = 0; at + 1 < part.length; at += 2) {
      const place = offset + at;
      if (place >= checksumAt && place < checksumAt + 4) continue;
      sum += part[at]! | (part[at + 1]! << 8);
    }
    offset += part.length;
  }
  if ((reader.size & 1) !== 0) sum += reader.u8(reader.size - 1);
  while (sum > 0xffff) sum = (sum % 65536) + Math.floor(sum / 65536);
  return sum;
}
