import { isUtf8 } from 'node:buffer';
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

const unmarked: readonly Encoding[] = [
  utf8,
  utf16le,
  utf16be,
  utf32le,
  utf32be,
  ...doubleByte,
  ...singleByte,
];

const SAMPLES = 16;
const SAMPLE = 4096;
/** What one sample may cost at most, so that an overwritten part doesn't drown the rest. In bits. */
const MOST = 64;
/** UTF-8 stands unless another encoding is likelier by this many bits. */
const PREFERENCE = 8;

export interface Detection {
  readonly encoding: Encoding;
  /** log₂ of how much likelier the samples are as random bytes than as this encoding, in bits: below zero for text. */
  readonly cost: number;
}

/** The encoding that explains the samples best; `isStart`: the first of them is the start of the file. */
export function detectEncoding(samples: readonly Uint8Array[], isStart = true): Detection {
  const marked = isStart && samples[0] !== undefined ? markedEncoding(samples[0]) : null;
  if (marked !== null) return { encoding: marked, cost: costOf(marked, samples) };
  if (samples.every(isPlain)) return { encoding: utf8, cost: samples.reduce(byLength, 0) };
  let best: Detection = { encoding: utf8, cost: costOf(utf8, samples) };
  let bar = best.cost - PREFERENCE;
  for (const encoding of unmarked) {
    const cost = costOf(encoding, samples);
    if (cost >= bar) continue;
    best = { encoding, cost };
    bar = cost;
  }
  return best;
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
const costs = new Int16Array(SAMPLE);

function costOf(encoding: Encoding, samples: readonly Uint8Array[]): number {
  let sum = 0;
  for (const sample of samples) sum += Math.min(MOST, costOfSample(encoding, sample));
  return sum;
}

function costOfSample(encoding: Encoding, sample: Uint8Array): number {
  const count = encoding.scanner(noHabits).scan(sample.subarray(0, SAMPLE), true, costs);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += costs[i]!;
  return sum / BIT;
}

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
