import { isUtf8 } from 'node:buffer';
import type { Reader } from '../../bytes/reader.ts';

/** What reading a range as text gave. */
export interface TextReading {
  /** Offset of the first byte that no text holds; −1 where there's none. */
  readonly brokenAt: number;
  /** In bytes; ASCII 16, UTF-8 32. */
  readonly floor: number;
}

/** Bytes at a time; a character of UTF-8 that is cut between two pieces is looked at again. */
const PIECE = 1 << 16;

/** Reads [start, end) as ASCII or UTF-8 without controls other than spacing; NUL counts as a control. */
export function readText(reader: Reader, start: number, end: number): TextReading {
  let floor = 16;
  for (let at = start; at < end; ) {
    const piece = reader.bytes(at, Math.min(PIECE, end - at), 'text');
    const length = at + piece.length < end ? wholeCharacters(piece) : piece.length;
    const part = piece.subarray(0, length);
    const { control, high } = scan(part);
    if (control >= 0) return { brokenAt: at + control, floor };
    if (high && !isUtf8(part)) return { brokenAt: at + firstHigh(part), floor };
    if (high) floor = 32;
    at += length;
  }
  return { brokenAt: -1, floor };
}

function scan(bytes: Uint8Array): { control: number; high: boolean } {
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i]!;
    if (code < 0x20 ? (code < 8 || code > 13 || code === 11) && code !== 0x1b : code === 0x7f) {
      return { control: i, high: high > 0x7f };
    }
    high |= code;
  }
  return { control: -1, high: high > 0x7f };
}

function firstHigh(bytes: Uint8Array): number {
  return bytes.findIndex((code) => code >= 0x80);
}

/** Length of the piece without a character that it cuts; at least 1. */
function wholeCharacters(bytes: Uint8Array): number {
  let length = bytes.length;
  for (let back = 0; back < 4 && length > 1; back++) {
    const code = bytes[length - 1]!;
    if (code < 0x80) return length;
    length--;
    if (code >= 0xc0) return length;
  }
  return bytes.length;
}
