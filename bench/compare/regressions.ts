import type { Spread } from '../spread.ts';

/** Processor time of a peer divided by ours, by bench and peer. */
export type Ratios = Readonly<Record<string, Spread>>;

/** What two runs of the same code differ by on a machine that others use, too. */
const NOISE = 0.1;

/** Ratios that got worse by more than noise: both the middle and the best of now lie below what was stored. */
export function regressions(before: Ratios, now: Ratios): readonly string[] {
  return Object.keys(before).filter((name) => {
    const [old, fresh] = [before[name]!, now[name]];
    if (fresh === undefined) return false;
    const least = old.median * (1 - NOISE);
    return fresh.median < Math.min(least, old.min) && fresh.max < old.median;
  });
}
