import { availableParallelism } from 'node:os';
import type { Baseline } from '../baseline/baseline.ts';
import { type Budget, defaultBudget } from '../bytes/meter.ts';
import { type Range, union } from '../bytes/range.ts';
import type { Family } from '../signs/marks/family.ts';
import type { Path } from '../sources/folders/path.ts';
import type { Root } from '../sources/folders/roots.ts';
import type { WalkOptions } from '../sources/folders/walk.ts';
import { defaultPolicy, type Policy } from '../verdict/policy.ts';
import type { CacheOptions } from './cache/cache-options.ts';
import { packRanges } from './images/damage-ranges.ts';
import type { ImageChoices } from './images/image-task.ts';
import type { Progress } from './tally.ts';
import type { Comparison } from './task.ts';

export interface ScanOptions extends Omit<WalkOptions, 'part'> {
  /** Threads that examine; as many as cores by default, at least two. */
  readonly workers?: number;
  readonly policy?: Partial<Policy>;
  /** What one file may cost, files inside it included. */
  readonly budget?: Partial<Budget>;
  /** Modules that export `formats: Format[]`; each worker imports them, and tries them before its own. */
  readonly plugins?: readonly (URL | string)[];
  /** Families of ransomware whose marks are looked for, beside the built-in ones. */
  readonly families?: readonly Family[];
  /** Adds the SHA-256 of each file to its line. */
  readonly sha256?: boolean;
  /**
   * Compares files over the whole scan and raises verdicts where they bear the marks of one incident; lines that may be
   * raised then come last. True by default.
   */
  readonly correlate?: boolean;
  /**
   * Opens disk images in folders, too, and examines the files inside. An image that is named as a root is always opened,
   * unless this is false.
   */
  readonly images?: boolean;
  /** Deleted files of disk images, too. */
  readonly deleted?: boolean;
  /** Disk images that are named as roots were encrypted themselves: what stands outside of encrypted ranges is examined. */
  readonly hit?: boolean;
  /** Encrypted ranges of the image's file, in bytes; with `hit`, and with one root only. By default they're looked for. */
  readonly damage?: readonly Range[];
  /** Files that didn't change since then, by both their times, are listed as skipped. */
  readonly since?: Date;
  /** A known-good state, as `readBaseline` reads it: each file is compared with it. */
  readonly baseline?: Baseline;
  /** Results of the last scan of these roots, used again for files that are the same since. */
  readonly cache?: CacheOptions;
  /** Milliseconds without a sign of progress after which the examination of a file is ended. */
  readonly patience?: number;
  /** Mebibytes of JavaScript heap for each worker. */
  readonly heap?: number;
  /** Called after each piece of work, a few hundred times a second at most. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The same with all that has a default. */
export interface ScanSettings {
  readonly workers: number;
  readonly policy: Policy;
  readonly budget: Budget;
  readonly plugins: readonly string[];
  readonly families: readonly Family[];
  readonly sha256: boolean;
  readonly correlate: boolean;
  readonly comparison: Comparison | null;
  /** Whether results are kept for the next scan. */
  readonly keep: boolean;
  readonly patience: number;
  readonly heap: number;
}

/** More than the budget, as a verifier that sees its budget exceeded tells more than one that was stopped. */
const EXTRA_PATIENCE = 15_000;
const HEAP = 512;

/** @param roots what paths are relative to, where files are compared with a known-good state */
export function settle(options: ScanOptions, roots: readonly Path[] = []): ScanSettings {
  const budget = { ...defaultBudget, ...options.budget };
  return {
    workers: atLeastOne(options.workers ?? Math.max(2, availableParallelism())),
    policy: { ...defaultPolicy, ...options.policy },
    budget,
    plugins: (options.plugins ?? []).map(String),
    families: options.families ?? [],
    sha256: options.sha256 ?? false,
    correlate: options.correlate ?? true,
    keep: options.cache !== undefined,
    comparison: options.baseline === undefined ? null : { baseline: options.baseline, roots },
    patience: options.patience ?? budget.milliseconds + EXTRA_PATIENCE,
    heap: options.heap ?? HEAP,
  };
}

/** What is wanted of disk images, and which files were named. */
export function imageChoices(roots: readonly Root[], options: ScanOptions): ImageChoices {
  const named = roots.filter(({ stats }) => stats.isFile() && options.images !== false);
  return {
    inFolders: options.images === true,
    named: new Set(named.map(({ path }) => path)),
    deleted: options.deleted === true,
    hit: options.hit === true || options.damage !== undefined,
    damage: options.damage === undefined ? null : packRanges(union(options.damage)),
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    since: options.since?.getTime() ?? null,
  };
}

function atLeastOne(workers: number): number {
  if (Number.isSafeInteger(workers) && workers >= 1) return workers;
  throw new RangeError(`workers must be a whole number from 1 on, not ${workers}`);
}
