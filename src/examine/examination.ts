import type { Evidence } from '../verdict/evidence.ts';
import type { Judgement } from '../verdict/judge.ts';

/** What was found out about one file. */
export interface Examination {
  readonly evidence: Evidence;
  readonly judgement: Judgement;
}
