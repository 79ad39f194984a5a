import type { Baseline } from '../baseline/baseline.ts';
import type { Budget } from '../bytes/meter.ts';
import type { Verdict } from '../ledger/terms.ts';
import type { ReportedLayout } from '../report/line.ts';
import type { Family } from '../signs/marks/family.ts';
import type { Path } from '../sources/folders/path.ts';
import type { StoredBytes } from '../sources/streams/stored-bytes.ts';
import type { Fingerprint } from '../verdict/incident/fingerprint.ts';
import type { Policy } from '../verdict/policy.ts';
import type { Scheme } from '../verdict/scheme.ts';
import type { CacheRecord } from './cache/cache-record.ts';

/** What a worker gets once, when it starts. */
export interface WorkerSettings {
  readonly policy: Policy;
  readonly budget: Budget;
  readonly plugins: readonly string[];
  readonly families: readonly Family[];
  readonly sha256: boolean;
  /** Whether files are compared over the whole scan. */
  readonly correlate: boolean;
  /** What each file is compared with; null where there is nothing. */
  readonly comparison: Comparison | null;
  /** Whether results are kept for the next scan. */
  readonly keep: boolean;
}

/** A known-good state, and what paths are relative to. */
export interface Comparison {
  readonly baseline: Baseline;
  readonly roots: readonly Path[];
}

/** A batch of files: one message each way for hundreds of them. */
export interface Task {
  /** The paths, separated by NUL, which no path contains: one string crosses threads faster than many. */
  readonly paths: string;
  /** For each path the bytes that a stream brought, where there are such. */
  readonly stored?: readonly (StoredBytes | undefined)[];
  readonly pulse: SharedArrayBuffer;
}

export type TaskResult = Examined | CannotBegin;

/** The SHA-256 of a file, in hexadecimal, or why it couldn't be read. */
export type Digest = { readonly sha256: string } | { readonly why: string };

/** What a batch came to. */
export interface Examined {
  /** The report's lines, one for each file, as NDJSON. */
  readonly text: string;
  readonly counts: Partial<Record<Verdict, number>>;
  /** Bytes of the files. */
  readonly bytes: number;
  /** Files that aren't safe, by folder. */
  readonly unsafe: readonly UnsafeFolder[];
  /** What waits for the end of the scan. Counted with its verdict of now. */
  readonly held?: Held;
  /** Results for the next scan. */
  readonly kept?: readonly CacheRecord[];
  /** Files that changed while they were examined. */
  readonly changed?: number;
  /** Layouts of the files that are encrypted. */
  readonly layouts?: readonly ReportedLayout[];
}

/** What is compared over the whole scan. */
export interface Held {
  /** Files whose lines went out. */
  readonly samples: readonly Fingerprint[];
  /** Files whose lines wait, as their verdicts may yet be raised. */
  readonly files: readonly HeldFile[];
}

export interface HeldFile {
  /** Its line of the report, as NDJSON. */
  readonly line: string;
  /** A `Path`. */
  readonly folder: string;
  readonly fingerprint: Fingerprint;
  /** The layout of its random bytes, if it comes out that they're ciphertext. */
  readonly scheme: Scheme | null;
}

export interface UnsafeFolder {
  /** A `Path`. */
  readonly folder: string;
  readonly verdict: Verdict;
  readonly files: number;
}

/** The worker has no formats to examine with: a plug-in can't be loaded. */
export interface CannotBegin {
  readonly problem: string;
}

/** Which file of a batch is at hand, and whether it goes on: shared memory, as a worker that hangs can't answer. */
export class Pulse {
  readonly memory: SharedArrayBuffer;
  readonly #fields: Int32Array;

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#fields = new Int32Array(memory);
  }

  /** Files that were begun: 0 before the first. */
  get begun(): number {
    return Atomics.load(this.#fields, 0);
  }

  /** Changes whenever something goes on. */
  get beats(): number {
    return Atomics.load(this.#fields, 1);
  }

  begin(file: number): void {
    Atomics.store(this.#fields, 0, file + 1);
    this.beat();
  }

  beat(): void {
    Atomics.add(this.#fields, 1, 1);
  }
}
