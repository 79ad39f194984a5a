import type { Verdict } from '../ledger/terms.ts';
import { defaultPolicy as verdictPolicy } from '../verdict/policy.ts';

/**
 * What may become of a file:
 * - `accept`: it's safe, and stands in the list of what may go back;
 * - `aside`: it's left out of that list, and holds nothing up;
 * - `hold`: the gate holds;
 * - `incomplete`: nothing is known of it, so the answer isn't complete.
 */
export type Action = 'accept' | 'aside' | 'hold' | 'incomplete';

/**
 * A verdict, or what tells files of one verdict apart. `contrast`: unproved, of unknown type, not random anywhere.
 * `changed`: it changed while it was examined. `links`: symbolic links, which are listed and never followed.
 */
export type Kind = Verdict | 'contrast' | 'changed' | 'links';

export type Actions = Readonly<Record<Kind, Action>>;

/** What holds for files whose path matches; the first rule that names a file's kind decides. */
export interface FileRule {
  /** Globs relative to the root, as `--include` takes them. */
  readonly match: readonly string[];
  readonly verdicts: Readonly<Partial<Record<Kind, Action>>>;
}

/** A file put there as a witness: if it's gone or hit, so may be others. */
export interface Canary {
  /** Relative to a root. */
  readonly path: string;
  /** In lower case hexadecimal digits; without it, the file must be intact. */
  readonly sha256?: string;
}

export interface GateLimits {
  /** The least number of files: an empty folder is a mount that failed, not a restore that may go on. */
  readonly files: number;
  /** For the whole run; then it ends, incomplete. */
  readonly seconds: number;
  /** For each file, beside what its size asks for. */
  readonly secondsPerFile: number;
  /** Archives inside archives. */
  readonly depth: number;
}

/** What is demanded before files may go back. */
export interface GatePolicy {
  /** The largest floor, in bytes, with which a file counts as intact. */
  readonly floor: number;
  readonly verdicts: Actions;
  readonly files: readonly FileRule[];
  /** Families of ransomware whose marks hold the gate, whatever else is accepted. */
  readonly families: 'any' | readonly string[];
  /** Whether a ransom note holds the gate, whatever else is accepted. */
  readonly notes: 'hold' | 'ignore';
  /** Least shares, 0–1: of files that are intact, of bytes that a proof accounts for. */
  readonly proved: { readonly files: number; readonly bytes: number };
  readonly canaries: readonly Canary[];
  readonly limits: GateLimits;
}

/** Only what was proved goes back; what its owner encrypted does, too. All else waits for a person. */
export const defaultGatePolicy: GatePolicy = {
  floor: verdictPolicy.floor,
  verdicts: {
    intact: 'accept',
    protected: 'accept',
    contrast: 'hold',
    unproved: 'hold',
    suspect: 'hold',
    damaged: 'hold',
    encrypted: 'hold',
    unread: 'incomplete',
    changed: 'incomplete',
    links: 'aside',
  },
  files: [],
  families: 'any',
  notes: 'hold',
  proved: { files: 0, bytes: 0 },
  canaries: [],
  limits: { files: 1, seconds: Number.POSITIVE_INFINITY, secondsPerFile: 60, depth: 8 },
};
