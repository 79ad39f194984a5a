/** Least, middle and greatest of what was measured. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws RangeError where nothing was measured */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

export function spreadCells({ min, median, max }: Spread, digits = 2): string[] {
  return [min, median, max].map((value) => value.toFixed(digits));
}
