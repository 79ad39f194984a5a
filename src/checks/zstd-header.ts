import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

/** Header of a frame (RFC 8878 §3.1.1.1). */
export interface ZstdHeader {
  /** Bytes, magic included. */
  readonly length: number;
  /** In bytes. */
  readonly window: number;
  /** Whether a byte of the header gives the window; else it's as large as the content. */
  readonly hasWindow: boolean;
  /** Bytes of output; null where the header doesn't say. */
  readonly size: number | null;
  readonly hasChecksum: boolean;
  /** 0 for none. */
  readonly dictionary: number;
}

export const ZSTD_MAGIC = '\x28\xb5\x2f\xfd';

/** Bytes of the dictionary's number, and of the size of the content, by what the descriptor says. */
const dictionaryLengths = [0, 1, 2, 4] as const;
const sizeLengths = [0, 2, 4, 8] as const;

/** @throws Broken, Truncated */
export function readZstdHeader(reader: Reader, start: number): ZstdHeader {
  reader.expect(start, ZSTD_MAGIC, 'Zstandard magic');
  const descriptor = reader.u8(start + 4, 'frame header descriptor');
  if ((descriptor & 8) !== 0) throw new Broken(start + 4, 'reserved bit of the frame header', 0, 1);
  const isSingle = (descriptor & 0x20) !== 0;
  let at = start + 5;
  const window = isSingle ? 0 : readWindow(reader.u8(at++, 'window descriptor'));
  const dictionaryLength = dictionaryLengths[(descriptor & 3) as 0 | 1 | 2 | 3];
  const dictionary = readNumber(reader, at, dictionaryLength);
  at += dictionaryLength;
  const code = (descriptor >> 6) as 0 | 1 | 2 | 3;
  const sizeLength = code === 0 && isSingle ? 1 : sizeLengths[code];
  const size = sizeLength === 0 ? null : readNumber(reader, at, sizeLength) + (sizeLength === 2 ? 256 : 0);
  return {
    length: at + sizeLength - start,
    window: isSingle ? (size ?? 0) : window,
    hasWindow: !isSingle,
    size,
    hasChecksum: (descriptor & 4) !== 0,
    dictionary,
  };
}

/** §3.1.1.1.2. */
function readWindow(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readNumber(reader: Reader, at: number, length: number): number {
  if (length === 8) return reader.u64le(at, 'frame content size');
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + reader.u8(at + i, 'frame header');
  return value;
}
