/** All numbers from `least` to `most`, both included. Bytes. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

export function contains({ least, most }: Interval, value: number): boolean {
  return least <= value && value <= most;
}

export function shifted({ least, most }: Interval, by: number): Interval {
  return { least: least + by, most: most + by };
}

export function middleOf({ least, most }: Interval): number {
  return (least + most) / 2;
}

/** The number of the interval that is nearest to the value. */
export function clamped({ least, most }: Interval, value: number): number {
  return Math.max(least, Math.min(most, value));
}

/** What both contain; null where that's nothing. */
export function common(a: Interval, b: Interval): Interval | null {
  const least = Math.max(a.least, b.least);
  const most = Math.min(a.most, b.most);
  return least <= most ? { least, most } : null;
}

/** What most of the intervals contain, and how many do; where several places have as many, the lowest. One at least. */
export function mostCommon(intervals: readonly Interval[]): {
  readonly where: Interval;
  readonly agree: number;
} {
  const starts = intervals.map(({ least }) => least).sort((a, b) => a - b);
  const ends = intervals.map(({ most }) => most).sort((a, b) => a - b);
  let best = { where: intervals[0]!, agree: 0 };
  let ended = 0;
  for (const [i, least] of starts.entries()) {
    while (ends[ended]! < least) ended++;
    const agree = i + 1 - ended;
    if (agree > best.agree) best = { where: { least, most: ends[ended]! }, agree };
  }
  return best;
}
