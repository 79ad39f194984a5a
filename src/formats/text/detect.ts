import { isAscii, isUtf8 } from 'node:buffer';
import type { Reader } from '../../bytes/reader.ts';
import { doubleByte } from './double-byte.ts';
import { BIT } from './odd-runs.ts';
import type { Encoding } from './scanner.ts';
import { singleByte } from './single-byte.ts';
import { utf8 } from './utf8.ts';
import { utf16be, utf16le, utf32be, utf32le } from './wide.ts';

/** Byte order marks (Unicode 15 §23.8), longer ones first, as that of UTF-32 begins like that of UTF-16. */
const marks: readonly (readonly [hex: string, encoding: Encoding])[] = [
  ['fffe0000', utf32le],
  ['0000feff', utf32be],
  ['efbbbf', utf8],
  ['fffe', utf16le],
  ['feff', utf16be],
];

/** Encodings in which ASCII text has no zeros, and those in which it has or which aren't built upon ASCII at all. */
const overAscii: readonly Encoding[] = [
  utf8,
  ...doubleByte,
  ...singleByte.filter(({ name }) => name !== 'ebcdic'),
];
const others: readonly Encoding[] = [
  utf16le,
  utf16be,
  utf32le,
  utf32be,
  ...singleByte.filter(({ name }) => name === 'ebcdic'),
];

const SAMPLES = 16;
const SAMPLE = 4096;
/** Samples are compared in pieces of so many bytes, so that few encodings are left after the first of them. */
const PIECE = 512;
/** What one piece may cost at most, so that an overwritten part doesn't drown the rest. In bits. */
const MOST = 32;
/** An encoding that is worse than another by so many bits is out. */
const HOPELESS = 48;
/** Pieces beyond ASCII that are compared at most, those not counted that no encoding explains. */
const ENOUGH = 6;
/** A place, in bytes; and what text costs at most in it, in bits a byte. */
const ONE_PLACE = 80;
const WELL_READ = -0.5;
/** UTF-8 stands unless another encoding is likelier by this many bits. */
const PREFERENCE = 24;

export interface Detection {
  readonly encoding: Encoding;
  /** log₂ of how much likelier the samples are as random bytes than as this encoding, in bits: below zero for text. */
  readonly cost: number;
}

/**
 * What must speak for a file that its name calls text, so that one in a million random ones of any length reads as well.
 * In bits; those of UTF-8 are counted at 1.1 a byte, where ASCII leaves 1.4.
 */
const CERTAIN = { utf8: 18, oneOfForty: 26 } as const;

/** Whether random bytes would hardly ever read as well: among forty encodings, a few bytes often read as text. */
export function isCertain({ encoding, cost }: Detection): boolean {
  return cost <= -(encoding === utf8 ? PREFERENCE + CERTAIN.utf8 : CERTAIN.oneOfForty);
}

/** The encoding that explains the samples best, the first of which is the start of the file. */
export function detectEncoding(samples: readonly Uint8Array[]): Detection {
  const marked = samples[0] === undefined ? null : markedEncoding(samples[0]);
  if (marked !== null) return compare([marked], samples);
  if (samples.every(isPlain)) return { encoding: utf8, cost: samples.reduce(byLength, -PREFERENCE) };
  const best = compare([...overAscii, ...others], samples);
  return isForcedUpon(best.encoding, samples) ? { ...best, encoding: utf8 } : best;
}

/**
 * Among forty encodings one often makes sense of a few random bytes. Where all bytes beyond ASCII stand in one short
 * place of a text, they must read well there.
 */
function isForcedUpon(encoding: Encoding, samples: readonly Uint8Array[]): boolean {
  if (encoding === utf8 || others.includes(encoding)) return false;
  const [sample, ...more] = samples.filter((bytes) => !isAscii(bytes));
  if (sample === undefined || more.length > 0) return false;
  const first = Math.max(0, sample.findIndex((byte) => byte >= 0x80) - 1);
  const last = sample.findLastIndex((byte) => byte >= 0x80);
  if (last - first >= ONE_PLACE) return false;
  const place = sample.subarray(first, last + 2);
  return costOf(encoding, place) > WELL_READ * place.length;
}

/** Like `detectEncoding`, for bytes that are no text if they have more than a few controls: far quicker for these. */
export function detectEncodingOfHead(head: Uint8Array): Detection {
  const marked = markedEncoding(head);
  if (marked !== null) return compare([marked], [head]);
  const start = head.subarray(0, PIECE);
  const candidates = hasManyControls(start) ? others : [...overAscii, ...others];
  const first = compare(candidates, [start]);
  return first.cost > 0 || head.length <= PIECE ? first : compare(candidates, [head]);
}

function hasManyControls(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b) controls++;
  return controls > 2 + bytes.length / 64;
}

function compare(encodings: readonly Encoding[], samples: readonly Uint8Array[]): Detection {
  let rivals: Detection[] = encodings.map((encoding) => ({
    encoding,
    cost: encoding === utf8 ? -PREFERENCE : 0,
  }));
  let compared = 0;
  for (const piece of piecesOf(samples)) {
    if (isAscii(piece) && !piece.includes(0)) {
      rivals = rivals.map(({ encoding, cost }) => ({ encoding, cost: cost + costOfAscii(encoding, piece) }));
    } else if (compared < ENOUGH) {
      const costs = rivals.map(({ encoding }) => costOf(encoding, piece));
      if (Math.min(...costs) < 0) compared++;
      rivals = rivals.map(({ encoding, cost }, i) => ({ encoding, cost: cost + costs[i]! }));
    }
    const best = Math.min(...rivals.map(({ cost }) => cost));
    rivals = rivals.filter(({ cost }) => cost <= best + HOPELESS);
  }
  return rivals.reduce((best, rival) => (rival.cost < best.cost ? rival : best));
}

function* piecesOf(samples: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const sample of samples) {
    for (let at = 0; at < sample.length; at += PIECE) yield sample.subarray(at, at + PIECE);
  }
}

function costOfAscii(encoding: Encoding, piece: Uint8Array): number {
  return others.includes(encoding) ? costOf(encoding, piece) : -1.1 * piece.length;
}

function costOf(encoding: Encoding, piece: Uint8Array): number {
  const count = encoding.scanner(noHabits).scan(piece, true, costs);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += costs[i]!;
  return Math.min(MOST, sum / BIT);
}

function byLength(sum: number, sample: Uint8Array): number {
  return sum - 1.1 * sample.length;
}

function markedEncoding(head: Uint8Array): Encoding | null {
  const first = Buffer.from(head.subarray(0, 4)).toString('hex');
  const found = marks.find(([hex]) => first.startsWith(hex));
  return found === undefined ? null : { ...found[1], mark: found[0].length / 2 };
}

/** UTF-8 without zeros, which UTF-16 is full of. */
function isPlain(sample: Uint8Array): boolean {
  return !sample.includes(0) && isUtf8(wholeSequences(sample));
}

/** The sample without what its edges cut off: up to three bytes of a sequence. */
export function wholeSequences(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 3 && start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start++;
  let end = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) end = bytes.length - back;
    break;
  }
  return bytes.subarray(start, Math.max(start, end));
}

export const noHabits: ReadonlySet<number> = new Set();
const costs = new Int16Array(PIECE);

/** Pieces of the file, evenly spread, on even offsets and the first at the start; all of it where it's short. */
export function sampleText(reader: Reader, end: number): Uint8Array[] {
  const count = Math.min(SAMPLES, Math.ceil(end / SAMPLE));
  if (count === 0) return [];
  const last = Math.max(0, end - SAMPLE);
  const samples: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const at = count === 1 ? 0 : Math.floor((last * i) / (count - 1) / 4) * 4;
    samples.push(reader.copy(at, Math.min(SAMPLE, end - at)));
  }
  return samples;
}

/** Control bytes that this text uses all over as separators (FIX logs, record marks); never more than three kinds.
 * NUL counts only where it is the sole one, as between the names of a list. */
export function habitsOf(samples: readonly Uint8Array[]): ReadonlySet<number> {
  const seenIn = new Array<number>(32).fill(0);
  for (const sample of samples) {
    const counts = new Array<number>(32).fill(0);
    for (const byte of sample) if (byte < 32) counts[byte]!++;
    counts.forEach((count, byte) => {
      if (count >= 4) seenIn[byte]!++;
    });
  }
  const usual = [9, 10, 13];
  const habits = seenIn.flatMap((seen, byte) =>
    seen * 2 > samples.length && !usual.includes(byte) ? [byte] : [],
  );
  return habits.length <= (habits.includes(0) ? 1 : 3) ? new Set(habits) : noHabits;
}
