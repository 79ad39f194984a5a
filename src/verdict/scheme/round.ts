import type { Interval } from './interval.ts';

/** Chance must give an interval a number as round as that once in so many cases at most. */
const CHANCE = 1 / 24;
/** Programs count in powers of two and of ten. */
const units = [
  ...Array.from({ length: 24 }, (_, i) => 2 ** (i + 7)),
  ...[1e3, 5e3, 1e4, 5e4, 1e5, 5e5, 1e6, 5e6, 1e7, 1e8],
] as const;
/** Files are parted in so many pieces at most. */
const MOST_PARTS = 16;
/** A percentage of the file comes in one piece, or in so many. */
const shares = [1, 3, 4, 5, 10] as const;

/**
 * The number that a program would have chosen, of those that a measured length may be: a multiple of a power of two or of
 * ten, a part of the file, or a percentage of it. Of all in the interval the one that would be there by chance most
 * seldom; null if chance gives one as round too often. Weighed is the number of candidates that are expected in an
 * interval of that width.
 * @param size of the file before it was encrypted
 */
export function roundWithin(interval: Interval, size: number): number | null {
  const width = interval.most - interval.least + 1;
  let best: number | null = null;
  let least: number = CHANCE;
  for (const { candidate, density } of candidatesIn(interval, size)) {
    const chance = width * density;
    if (chance >= least) continue;
    least = chance;
    best = candidate;
  }
  return best;
}

/** The round number if there is one, else what was measured. */
export function roundOr(interval: Interval, size: number, measured: number): number {
  return roundWithin(interval, size) ?? measured;
}

/** `density`: how many as round there are per byte. */
function* candidatesIn(
  interval: Interval,
  size: number,
): Generator<{ readonly candidate: number; readonly density: number }> {
  const middle = (interval.least + interval.most) / 2;
  for (const unit of units) {
    const candidate = Math.round(middle / unit) * unit;
    if (candidate > 0 && isIn(interval, candidate)) yield { candidate, density: 1 / unit };
  }
  for (const { all, densityBySize } of partsNear(middle, size)) {
    for (const candidate of all)
      if (isIn(interval, candidate)) yield { candidate, density: densityBySize / size };
  }
}

function isIn({ least, most }: Interval, value: number): boolean {
  return least <= value && value <= most;
}

/** With whole numbers, as programs reckon: ⌊size/n⌋; ⌊size/100⌋ · percent and ⌊size · percent/100⌋, and pieces of it. */
function partsNear(
  value: number,
  size: number,
): { readonly all: number[]; readonly densityBySize: number }[] {
  if (size < 100) return [];
  const parts = Math.round(size / Math.max(1, value));
  const part = parts >= 2 && parts <= MOST_PARTS ? [Math.floor(size / parts)] : [];
  return [
    { all: part, densityBySize: MOST_PARTS },
    ...shares.map((share) => {
      const percent = Math.round((100 * share * value) / size);
      const isPercent = percent >= 1 && percent <= 100;
      const all = [Math.floor(size / 100) * percent, Math.floor((size * percent) / 100)].map((whole) =>
        Math.floor(whole / share),
      );
      return { all: isPercent ? all : [], densityBySize: 200 * share };
    }),
  ];
}
