import { writeFileSync } from 'node:fs';
import type { Ratios } from './regressions.ts';

/** Where `bench/compare` asked for them: it names the file. */
export function writeRatios(ratios: Ratios): void {
  const path = process.env.UNSCATHED_RATIOS;
  if (path !== undefined) writeFileSync(path, JSON.stringify(ratios));
}
