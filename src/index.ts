export type { Verdict } from './ledger/terms.ts';
