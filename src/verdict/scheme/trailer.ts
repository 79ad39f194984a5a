import { lengthOf, type Range } from '../../bytes/range.ts';
import type { Measured } from './measured.ts';
import type { Setting } from './shape.ts';

/** Key blocks that ransomware appends are rarely longer. */
const LONGEST = 4096;
const SLACK = 64;
const LONGEST_TEXT = 512;

/**
 * Parts the key block at the end from the ranges before it: what follows the format's own end; a short last range far
 * from the others; or what the last of several equal ranges, flush with the end, has more than they.
 */
export function splitTrailer(
  encrypted: readonly Measured[],
  { size, contentEnd }: Setting,
): { ranges: readonly Measured[]; trailer: number } {
  const last = encrypted.at(-1)!;
  const before = encrypted.slice(0, -1);
  // A key block may have text behind it: an identifier, a marker.
  const rest = lengthOf(last) <= LONGEST ? LONGEST_TEXT : SLACK;
  if (before.length === 0 || last.end < size - rest) return { ranges: encrypted, trailer: 0 };
  if (contentEnd !== null && last.start >= contentEnd - SLACK)
    return { ranges: before, trailer: size - last.start };
  const usual = medianLength(before);
  const length = lengthOf(last);
  if (length < usual && isNextStripe(before, last)) return { ranges: encrypted, trailer: 0 };
  if (length <= LONGEST && 2 * length < usual) return { ranges: before, trailer: size - last.start };
  const more = length - usual;
  if (more <= SLACK || more > LONGEST || !areAlike(before, usual)) return { ranges: encrypted, trailer: 0 };
  return {
    ranges: [...before, shortened(last, more)],
    trailer: size - last.end + more,
  };
}

function shortened({ start, end, startsIn }: Measured, by: number): Measured {
  return { start, end: end - by, startsIn, endsIn: { least: end - by, most: end - by } };
}

/** A stripe that the end of the file cuts short begins where the next one must. */
function isNextStripe(before: readonly Range[], last: Range): boolean {
  const [first, second] = before.slice(-2);
  if (first === undefined || second === undefined) return false;
  return Math.abs(last.start - second.start - (second.start - first.start)) <= SLACK;
}

function medianLength(ranges: readonly Range[]): number {
  return ranges.map(lengthOf).toSorted((a, b) => a - b)[ranges.length >> 1]!;
}

function areAlike(ranges: readonly Range[], length: number): boolean {
  return ranges.every((range) => Math.abs(lengthOf(range) - length) <= SLACK);
}
