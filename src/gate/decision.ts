import type { Verdict } from '../ledger/terms.ts';
import type { ReportedPath } from '../report/line.ts';
import type { GatePolicy } from './policy.ts';

/** The version of the decision's form. */
export const DECISION_VERSION = 1;

/** Why a gate doesn't pass. Codes are stable; docs/gate.md lists them. */
export interface GateReason {
  readonly code: string;
  readonly text: string;
  /** Files that it concerns. */
  readonly files: number;
  /** The first of them. */
  readonly examples: readonly ReportedPath[];
}

export type CanaryState = 'intact' | 'missing' | 'changed' | 'not intact';

/** May these files go back? */
export interface Decision {
  readonly type: 'decision';
  readonly schema: typeof DECISION_VERSION;
  readonly tool: string;
  /** `hold` where something speaks against it; `incomplete` where nothing does, but not all could be looked at. */
  readonly decision: 'pass' | 'hold' | 'incomplete';
  /** Whether all that was asked for was looked at. */
  readonly complete: boolean;
  /** Empty where it passes. */
  readonly reasons: readonly GateReason[];
  /** Files by what becomes of them; together they are the files found. */
  readonly files: {
    readonly safe: number;
    readonly aside: number;
    readonly held: number;
    readonly unknown: number;
  };
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Of the files found, in bytes. */
  readonly bytes: number;
  /** Shares, 0–1; 1 where there is nothing. */
  readonly proved: { readonly files: number; readonly bytes: number };
  readonly canaries: readonly { readonly path: string; readonly state: CanaryState }[];
  /** Things that are no files to examine: links, devices, mount points, what didn't change. */
  readonly skipped: number;
  readonly policy: GatePolicy;
  /** ISO 8601, UTC. */
  readonly finished: string;
}
