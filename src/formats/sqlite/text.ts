import { weight } from './evidence.ts';
import type { Encoding } from './header.ts';

/**
 * What a text value is: `sound` in its encoding; `foreign`: not valid, but text of another 8-bit encoding (SQLite
 * stores what it is given, §2.1 of "Datatypes"); `noise`: not valid, and nothing that people write.
 */
export type TextState = 'sound' | 'foreign' | 'noise';

const SHORTEST_NOISE = 8;

/** @param cut whether the value goes on before or behind these bytes, so that characters may be cut in two */
export function judgeText(
  bytes: Uint8Array,
  start: number,
  end: number,
  encoding: Encoding,
  cut: boolean,
): TextState {
  if (encoding === 'utf-8') return judge8(bytes, start, end, cut);
  return judge16(bytes, start, end, encoding === 'utf-16le' ? 1 : 0, cut);
}

export function textWeight(encoding: Encoding): number {
  return encoding === 'utf-8' ? weight.text8 : weight.text16;
}

/** The shortest random overwrite of a long text value that is noticed: see `weight`. */
export function textFloor(encoding: Encoding): number {
  return encoding === 'utf-8' ? 64 : 256;
}

function judge8(bytes: Uint8Array, start: number, end: number, cut: boolean): TextState {
  let at = start;
  if (cut) while (at < end && at < start + 3 && (bytes[at]! & 0xc0) === 0x80) at++;
  let invalid = 0;
  let strange = 0;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      if (byte < 0x20 && (byte < 9 || byte > 13) && byte !== 0x1b) strange++;
      at++;
      continue;
    }
    const length = sequenceLength(bytes, at, end);
    if (length > 0) {
      at += length;
      continue;
    }
    invalid++;
    if (isC1(byte)) strange++;
    at++;
  }
  if (invalid === 0) return 'sound';
  return strange > 0 && end - start >= SHORTEST_NOISE && looksRandom(bytes, start, end) ? 'noise' : 'foreign';
}

/**
 * Bytes of the well-formed UTF-8 sequence at `at`, or 0. Surrogates are allowed, as Java writes them so, and an
 * incomplete sequence at the end, as programs cut text by bytes.
 */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    if (at + i >= end) return i;
    if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** 0x80–0x9F, without the punctuation that Windows code pages keep there. */
function isC1(byte: number): boolean {
  return byte >= 0x80 && byte < 0xa0 && !(byte >= 0x91 && byte <= 0x97) && byte !== 0x80 && byte !== 0x85;
}

/** Some stretch of 8 bytes or more holds few letters, and no runs of zeros as serialised objects have. */
function looksRandom(bytes: Uint8Array, start: number, end: number): boolean {
  const window = Math.min(16, end - start);
  let plain = 0;
  for (let at = start; at < end; at++) {
    plain += isPlain(bytes[at]!);
    if (at - start >= window) plain -= isPlain(bytes[at - window]!);
    if (at - start >= window - 1 && plain <= window * 0.65) return true;
  }
  return false;
}

/** Zeros count as plain: binary objects kept as text are full of them. */
function isPlain(byte: number): number {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13) || byte === 0 ? 1 : 0;
}

function judge16(bytes: Uint8Array, start: number, end: number, highAt: number, cut: boolean): TextState {
  if (!cut && (end - start) % 2 !== 0) return 'foreign';
  const order = highAt === 1 ? 'utf-16le' : 'utf-16be';
  const text = new TextDecoder(order).decode(bytes.subarray(start, end - ((end - start) % 2)));
  const unassigned = text.match(/[\p{Cn}\p{Co}\ufffd]/gu)?.length ?? 0;
  if (unassigned === 0) return 'sound';
  return unassigned > 2 || unassigned > text.length / 16 ? 'noise' : 'foreign';
}
