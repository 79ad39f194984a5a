import type { Range } from '../bytes/range.ts';
import { roundNear } from './scheme/round.ts';
import type { Scheme, Setting, Shape } from './scheme/shape.ts';
import { inferStripes } from './scheme/stripes.ts';
import { splitTrailer } from './scheme/trailer.ts';

export type { Scheme, Setting, Shape } from './scheme/shape.ts';

/** Edges may be off by so many bytes and still count as the same place. */
const SLACK = 64;
/** The first bytes of a random head are taken for plain ones now and then; a short header may stand there. */
const UNCERTAIN_START = 32;
/** A tail of text, or with a counter and a name, isn't random, and belongs to no layout. */
const LONGEST_TEXT_TAIL = 2048;
const MOST_SPOTS = 64;
/** Of most edges, in bytes. */
const EDGE_ERROR = 32;
/** One range, but for gaps that are chance. */
const SOLID = 0.98;

/**
 * The simplest layout that explains the encrypted ranges; null where there are none. Ranges must be sorted.
 * @param fine stripes that were found by folding, too fine to be ranges
 */
export function inferScheme(
  encrypted: readonly Range[],
  setting: Setting,
  fine: Shape | null = null,
): Scheme | null {
  if (encrypted.length === 0) return null;
  const { ranges, trailer } = splitTrailer(encrypted, setting);
  const shape = fine ?? inferShape(ranges, { ...setting, size: setting.size - trailer });
  return { ...shape, trailer };
}

function inferShape(ranges: readonly Range[], setting: Setting): Shape {
  const stripes = inferStripes(ranges, setting.size);
  if (stripes !== null) return stripes;
  const solid = asOne(ranges);
  if (solid === null) return { kind: 'spots', spots: spotsOf(ranges, setting.size), fit: 1 };
  return inferSolid(solid, setting, coverage(ranges));
}

/** Where an edge is within its error of a round number, it's that one. */
function spotsOf(ranges: readonly Range[], size: number): Range[] {
  return ranges.slice(0, MOST_SPOTS).map(({ start, end }) => ({
    start: start <= UNCERTAIN_START ? 0 : roundNear(start, EDGE_ERROR, size),
    end: size - end <= EDGE_ERROR ? size : roundNear(end, EDGE_ERROR, size),
  }));
}

/** The ranges as one, if next to nothing stands between them. */
function asOne(ranges: readonly Range[]): Range | null {
  const whole = { start: ranges[0]!.start, end: ranges.at(-1)!.end };
  return ranges.length === 1 || coverage(ranges) >= SOLID ? whole : null;
}

function coverage(ranges: readonly Range[]): number {
  const covered = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return covered / (ranges.at(-1)!.end - ranges[0]!.start);
}

function inferSolid({ start, end }: Range, { size, headKept }: Setting, fit: number): Shape {
  const isKept = start > UNCERTAIN_START || (headKept && start > 0);
  const isToEnd = size - end <= Math.max(SLACK, Math.min(LONGEST_TEXT_TAIL, (end - start) / 8));
  if (!isToEnd)
    return start > SLACK
      ? { kind: 'spots', spots: [{ start, end }], fit }
      : { kind: 'head', length: roundNear(end, EDGE_ERROR, size), fit };
  if (!isKept) return { kind: 'full', fit };
  return start <= size / 2
    ? { kind: 'keeps-head', kept: start, fit }
    : { kind: 'tail', length: size - start, fit };
}
