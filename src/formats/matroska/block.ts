import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readVariable } from './ebml.ts';

/** A block (RFC 9559 section 10): track, time, flags, lacing sizes, frames. @throws Broken */
export function accountBlock(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const track = readVariable(reader, start);
  const flagsAt = start + track.length + 2;
  if (flagsAt >= end) throw new Broken(start, 'block', 'at least 4 bytes', end - start);
  if (track.value < 1) throw new Broken(start, 'track number', 'at least 1', track.value);
  const lacing = (reader.u8(flagsAt) >> 1) & 3;
  const data = lacing === 0 ? flagsAt + 1 : afterLacing(reader, flagsAt + 1, end, lacing);
  if (data > end) throw new Broken(flagsAt, 'lacing', 'inside the block', data - end);
  ledger.account(start, data, 'structure', 'block header', 8);
  ledger.coded(data, end, 'frames');
}

/** Where the frames begin behind the sizes of all but the last (section 10.3). */
function afterLacing(reader: Reader, at: number, end: number, lacing: number): number {
  const count = reader.u8(at);
  let next = at + 1;
  if (lacing === 2) return next;
  let total = 0;
  let size = 0;
  for (let i = 0; i < count && next < end; i++) {
    if (lacing === 1) {
      for (size = 0; next < end; ) {
        const byte = reader.u8(next++);
        size += byte;
        if (byte < 255) break;
      }
    } else {
      const { value, length } = readVariable(reader, next);
      // Behind the first come differences, whose middle stands for zero.
      size = i === 0 ? value : size + value - (2 ** (7 * length - 1) - 1);
      next += length;
    }
    total += size;
    if (size < 0 || next + total > end) throw new Broken(at, 'lacing sizes', `at most ${end - next}`, total);
  }
  return next;
}
