import type { Range } from '../bytes/range.ts';
import type { Scheme, Setting, Shape } from './scheme/shape.ts';
import { inferStripes } from './scheme/stripes.ts';
import { splitTrailer } from './scheme/trailer.ts';

export type { Scheme, Setting, Shape } from './scheme/shape.ts';

/** Edges may be off by so many bytes and still count as the same place. */
const SLACK = 64;
/** A tail of text, or with a counter and a name, isn't random, and belongs to no layout. */
const LONGEST_TEXT_TAIL = 2048;
const MOST_SPOTS = 64;
/** One range, but for gaps that are chance. */
const SOLID = 0.98;

/** The simplest layout that explains the encrypted ranges; null where there are none. Ranges must be sorted. */
export function inferScheme(encrypted: readonly Range[], setting: Setting): Scheme | null {
  if (encrypted.length === 0) return null;
  const { ranges, trailer } = splitTrailer(encrypted, setting);
  const shape = inferShape(ranges, { ...setting, size: setting.size - trailer });
  return { ...shape, trailer };
}

function inferShape(ranges: readonly Range[], setting: Setting): Shape {
  const stripes = inferStripes(ranges, setting.size);
  if (stripes !== null) return stripes;
  const solid = asOne(ranges);
  if (solid === null) return { kind: 'spots', spots: ranges.slice(0, MOST_SPOTS), fit: 1 };
  return inferSolid(solid, setting, coverage(ranges));
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
  const isKept = start > SLACK || (headKept && start > 0);
  const isToEnd = size - end <= Math.max(SLACK, Math.min(LONGEST_TEXT_TAIL, (end - start) / 8));
  if (!isToEnd)
    return start > SLACK
      ? { kind: 'spots', spots: [{ start, end }], fit }
      : { kind: 'head', length: end, fit };
  if (!isKept) return { kind: 'full', fit };
  return start <= size / 2
    ? { kind: 'keeps-head', kept: start, fit }
    : { kind: 'tail', length: size - start, fit };
}
