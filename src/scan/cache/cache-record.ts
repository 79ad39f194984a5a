import type { FileLine } from '../../report/line.ts';
import type { Fingerprint } from '../../verdict/incident/fingerprint.ts';
import type { CacheKeys } from './cache-key.ts';

/** What was found out about a file, to be used again. */
export interface CacheRecord extends CacheKeys {
  /** Its line of the report, as NDJSON. */
  readonly text: string;
  /** What it adds to what is known of an incident; null where that's nothing. */
  readonly sample: Fingerprint | null;
}

/** Reasons that may not hold the next time: a limit was reached. */
const passing = new Set(['U401']);

/** Only good news are kept: what is wrong, or could be, is looked at each time. */
export function isKept({ verdict, changed, reasons }: FileLine): boolean {
  const isGood = verdict === 'intact' || verdict === 'protected' || verdict === 'unproved';
  return isGood && changed !== true && !reasons.some(({ code }) => passing.has(code));
}
