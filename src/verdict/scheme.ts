import type { Range } from '../bytes/range.ts';
import type { Zone } from '../signs/zones/zones.ts';
import { type Interval, middleOf, mostCommon } from './scheme/interval.ts';
import { type Measured, measure } from './scheme/measured.ts';
import { roundOr, roundWithin } from './scheme/round.ts';
import type { Scheme, Setting, Shape } from './scheme/shape.ts';
import { fitStripes } from './scheme/stripes.ts';
import { splitTrailer } from './scheme/trailer.ts';

export type { Scheme, Setting, Shape } from './scheme/shape.ts';

/** Edges may be off by so many bytes and still count as the same place. */
const SLACK = 64;
/** The first bytes of a random head are taken for plain ones now and then; a short header may stand there. */
const UNCERTAIN_START = 32;
/** A tail of text, or with a counter and a name, isn't random, and belongs to no layout. */
const LONGEST_TEXT_TAIL = 2048;
const MOST_SPOTS = 64;
/** One range, but for gaps that are chance. */
const SOLID = 0.98;

/**
 * The simplest layout that explains the encrypted ranges; null where there are none. Ranges must be sorted.
 * @param fine stripes that were found by folding, too fine to be ranges
 * @param zones where the ends of ranges lie, of those that were located by likelihood
 */
export function inferScheme(
  encrypted: readonly Range[],
  setting: Setting,
  fine: Shape | null = null,
  zones: readonly Zone[] = [],
): Scheme | null {
  if (encrypted.length === 0) return null;
  const measured = measure(encrypted, zones, setting.size);
  const { ranges, trailer } = splitTrailer(setting.headLost ? fromHead(measured) : measured, setting);
  const shape = fine ?? inferShape(ranges, { ...setting, size: setting.size - trailer });
  return { ...shape, trailer };
}

/** Between a lost head and where bytes are surely random may be so many that don't tell. */
const UNSURE = 4096;

function fromHead([first, ...others]: readonly Measured[]): Measured[] {
  if (first === undefined || first.start > UNSURE) return first === undefined ? [] : [first, ...others];
  return [{ ...first, startsIn: { ...first.startsIn, least: 0 } }, ...others];
}

function inferShape(ranges: readonly Measured[], setting: Setting): Shape {
  const stripes = fitStripes(ranges, setting.size);
  if (stripes !== null) return stripes;
  const solid = asOne(ranges);
  if (solid === null) return { kind: 'spots', spots: spotsOf(ranges, setting.size), fit: 1 };
  return inferSolid(solid, setting, coverage(ranges));
}

/** Where a round number is within an edge's error, it's that one; spots that may be of one length are. */
function spotsOf(ranges: readonly Measured[], size: number): Range[] {
  const spots = ranges.slice(0, MOST_SPOTS);
  const length = lengthOfAll(spots, size);
  return spots.map((spot) => {
    if (length !== null && canBeOf(spot, length)) return placeSpot(spot, length, size);
    return { start: startOf(spot, size), end: endOf(spot, size) };
  });
}

function lengthOfAll(spots: readonly Measured[], size: number): number | null {
  const { where, agree } = mostCommon(spots.map(lengthsOf));
  if (agree < 2 || agree < spots.length - 1) return null;
  return roundOr(where, size, Math.round(middleOf(where)));
}

function lengthsOf({ startsIn, endsIn }: Measured): Interval {
  return { least: endsIn.least - startsIn.most, most: endsIn.most - startsIn.least };
}

function canBeOf(spot: Measured, length: number): boolean {
  const { least, most } = lengthsOf(spot);
  return least <= length && length <= most;
}

/** Of one length, at an end of the file if it may be, else where both edges agree. */
function placeSpot({ start, startsIn, endsIn }: Measured, length: number, size: number): Range {
  const least = Math.max(startsIn.least, endsIn.least - length);
  const most = Math.min(startsIn.most, endsIn.most - length);
  if (least <= 0) return { start: 0, end: length };
  if (most + length >= size) return { start: size - length, end: size };
  const at = roundOr({ least, most }, size, Math.max(least, Math.min(most, start)));
  return { start: at, end: at + length };
}

function startOf({ start, startsIn }: Measured, size: number): number {
  return start <= UNCERTAIN_START || startsIn.least <= 0 ? 0 : roundOr(startsIn, size, start);
}

function endOf({ end, endsIn }: Measured, size: number): number {
  return endsIn.most >= size ? size : roundOr(endsIn, size, end);
}

/** The ranges as one, if next to nothing stands between them. */
function asOne(ranges: readonly Measured[]): Measured | null {
  const first = ranges[0]!;
  const last = ranges.at(-1)!;
  const whole = { start: first.start, end: last.end, startsIn: first.startsIn, endsIn: last.endsIn };
  return ranges.length === 1 || coverage(ranges) >= SOLID ? whole : null;
}

function coverage(ranges: readonly Range[]): number {
  const covered = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return covered / (ranges.at(-1)!.end - ranges[0]!.start);
}

function inferSolid(solid: Measured, { size, headKept }: Setting, fit: number): Shape {
  const { start, end, startsIn } = solid;
  const isFromStart = start <= UNCERTAIN_START || startsIn.least <= 0;
  const isKept = headKept ? start > 0 : !isFromStart;
  const isToEnd = size - end <= Math.max(SLACK, Math.min(LONGEST_TEXT_TAIL, (end - start) / 8));
  if (!isToEnd)
    return start > SLACK && !isFromStart
      ? { kind: 'spots', spots: spotsOf([solid], size), fit }
      : { kind: 'head', length: endOf(solid, size), fit };
  if (!isKept) return { kind: 'full', fit };
  const kept = roundWithin({ ...startsIn, least: Math.max(1, startsIn.least) }, size) ?? start;
  return start <= size / 2 ? { kind: 'keeps-head', kept, fit } : { kind: 'tail', length: size - kept, fit };
}
