import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { walkExtra } from './extra.ts';

const ID = 0x0001;
/** A field that holds its largest value stands in the extra field instead. */
const ELSEWHERE = 0xffffffff;

/** Fields that may have 64 bits. */
interface Sizes {
  readonly packedSize: number;
  readonly size: number;
  readonly localAt: number;
}

/**
 * Reads both sizes, the first of which stands at `at`. Those that do not fit their 32 bits are taken from the zip64
 * extra field, in its order: size, packed size, place of the local header (APPNOTE §4.5.3).
 */
export function readSizes(reader: Reader, at: number, extra: Range, localAt: number): Sizes {
  const packedSize = reader.u32le(at, 'zip header');
  const size = reader.u32le(at + 4, 'zip header');
  if (packedSize !== ELSEWHERE && size !== ELSEWHERE && localAt !== ELSEWHERE)
    return { packedSize, size, localAt };
  const field = walkExtra(reader, extra).find(({ id }) => id === ID);
  let next = field?.start ?? 0;
  const end = field?.end ?? 0;
  const wide = (value: number): number => {
    if (value !== ELSEWHERE || next + 8 > end) return value;
    next += 8;
    return reader.u64le(next - 8, 'zip64 size');
  };
  const wideSize = wide(size);
  const widePacked = wide(packedSize);
  return { packedSize: widePacked, size: wideSize, localAt: wide(localAt) };
}
