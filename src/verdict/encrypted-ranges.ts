import { complement, intersection, lengthOf, type Range, union } from '../bytes/range.ts';
import type { Pattern } from '../signs/pattern.ts';
import type { Transformation } from '../signs/transformations.ts';
import { isEncodedBlob } from './encoded-blob.ts';
import type { Evidence } from './evidence.ts';

/** Gaps this short between long random runs are chance: 3 in 10⁴ windows of random bytes fail a test. */
const CHANCE = 256;
/** A gap is chance only if what stands on both sides is so many times longer. */
const LONGER = 16;
/** Stripes beyond so many are given as one range. */
const MOST_STRIPES = 300_000;

/** The ranges of a file that was found encrypted which are ciphertext, for all that can be seen. Sorted. */
export function encryptedRanges({
  runs,
  zones = [],
  transformations,
  pattern,
  ledger,
}: Evidence): readonly Range[] {
  const members = ledger.members.filter((member) => member.verdict === 'encrypted' || isEncodedBlob(member));
  const unsummed = complement(union(ledger.ranges('checksum')), { start: 0, end: ledger.size });
  const changed = intersection(union(transformations.flatMap(expand)), unsummed);
  const blocks = pattern !== null && isCipherBlock(pattern) ? [{ start: 0, end: pattern.length }] : [];
  return mergeOverChance(union([...(zones.length > 0 ? zones : runs), ...changed, ...blocks, ...members]));
}

/** What block ciphers without chaining make of one value, over and over. */
function isCipherBlock({ period, isText }: Pattern): boolean {
  return !isText && (period === 8 || period === 16);
}

/** Stripes are their random parts; the other transformations spare nothing. */
function expand(transformation: Transformation): readonly Range[] {
  const { start, end } = transformation;
  if (transformation.kind !== 'stripes') return [{ start, end }];
  const { period, on, phase } = transformation;
  const first = start - ((((start - phase) % period) + period) % period);
  const count = Math.ceil((end - first) / period);
  if (count > MOST_STRIPES) return [{ start, end }];
  const stripes = Array.from({ length: count }, (_, i) => first + i * period);
  return stripes
    .map((at) => ({ start: Math.max(start, at), end: Math.min(end, at + on) }))
    .filter((stripe) => stripe.start < stripe.end);
}

function mergeOverChance(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    const gap = last === undefined ? 0 : range.start - last.end;
    const isChance = gap <= CHANCE && gap * LONGER <= Math.min(lengthOf(range), lengthOf(last ?? range));
    if (last !== undefined && isChance) merged[merged.length - 1] = { start: last.start, end: range.end };
    else merged.push(range);
  }
  return merged;
}
