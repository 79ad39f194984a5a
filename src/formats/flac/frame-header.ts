import { crc8 } from './crc.ts';

/** The header of a frame (RFC 9639 section 9.1). */
export interface FrameHeader {
  /** Bytes, CRC-8 included. */
  readonly length: number;
  /** Samples of each channel. */
  readonly blockSize: number;
  readonly channels: number;
  /** 0: independent; 1: left and side; 2: side and right; 3: mid and side. */
  readonly stereo: number;
  /** Bits of a sample; 0 where STREAMINFO tells it. */
  readonly depth: number;
  /** Number of the frame, or of its first sample where block sizes vary. */
  readonly number: number;
}

const depths = [0, 8, 12, -1, 16, 20, 24, 32];

/** Reads a frame header; null where the bytes at `at` are none. */
export function readFrameHeader(bytes: Uint8Array, at: number, end: number): FrameHeader | null {
  if (at + 6 > end || bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return null;
  const [sizes, layout] = [bytes[at + 2]!, bytes[at + 3]!];
  const [sizeCode, rateCode] = [sizes >> 4, sizes & 15];
  const [channelCode, depth] = [layout >> 4, depths[(layout >> 1) & 7]!];
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || depth < 0 || (layout & 1) !== 0) return null;
  const coded = readNumber(bytes, at + 4, end);
  if (coded === null) return null;
  let next = at + 4 + coded.length;
  const blockSize = blockSizeOf(bytes, next, sizeCode);
  next += sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  next += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  if (next >= end || crc8(bytes, at, next) !== bytes[next]) return null;
  const isStereo = channelCode > 7;
  return {
    length: next + 1 - at,
    blockSize,
    channels: isStereo ? 2 : channelCode + 1,
    stereo: isStereo ? channelCode - 7 : 0,
    depth,
    number: coded.value,
  };
}

function blockSizeOf(bytes: Uint8Array, at: number, code: number): number {
  if (code === 1) return 192;
  if (code < 6) return 144 << code;
  if (code === 6) return bytes[at]! + 1;
  if (code === 7) return ((bytes[at]! << 8) | bytes[at + 1]!) + 1;
  return 1 << code;
}

/** Written like UTF-8, up to 36 bits. */
function readNumber(bytes: Uint8Array, at: number, end: number): { value: number; length: number } | null {
  const first = bytes[at]!;
  if (first < 0x80) return { value: first, length: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7 || at + length > end) return null;
  let value = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!;
    if ((byte & 0xc0) !== 0x80) return null;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, length };
}
