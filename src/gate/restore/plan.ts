import { nameOf, type Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import { version as toolVersion } from '../../version.ts';
import type { History, Version } from '../timeline/history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { type Circumstances, choose, isNewSince } from './choice.ts';
import { FolderNames } from './folder-names.ts';
import {
  type LeftLine,
  type MissingLine,
  PLAN_VERSION,
  type PlanHeader,
  type PlanLine,
  type PlannedVersion,
  type RestoreLine,
} from './plan-line.ts';

export interface PlanOptions {
  /** Also restores files that were gone before the attack; they are listed as left otherwise. */
  readonly deleted?: boolean;
  /** Index of the first snapshot after the attack began, where the caller knows better than the jump. */
  readonly attack?: number;
}

/**
 * What is to be restored from which snapshot: for each path the newest version that is intact, or of a verdict that the
 * timeline accepts. Paths without one are listed, with the version of which most is proved. The lines come as they're
 * asked for; the last is of type `end`.
 * @throws RangeError where `attack` is no index of a snapshot
 */
export function* plan(timeline: Timeline, options: PlanOptions = {}): Generator<PlanLine> {
  const header = headerOf(timeline, options);
  yield header;
  const planner = new Planner(timeline, header, options.deleted === true);
  for (const history of timeline.histories()) yield planner.lineFor(history);
  yield { type: 'end', ...planner.counts };
}

class Planner {
  readonly counts = { restore: 0, bytes: 0, missing: 0, left: 0 };
  readonly #around: Circumstances;
  readonly #labels: readonly string[];
  readonly #folders = new FolderNames();

  constructor({ snapshots, accepted }: Timeline, { attack }: PlanHeader, deleted: boolean) {
    this.#around = {
      snapshots: snapshots.length,
      attack: attack?.snapshot ?? null,
      accepted,
      deleted,
    };
    this.#labels = snapshots.map(({ label }) => label);
  }

  lineFor(history: History): RestoreLine | MissingLine | LeftLine {
    const choice = choose(history, this.#around);
    const { path } = history;
    if (choice.what === 'restore') {
      if (!this.#folders.isFolder(path)) return this.#restore(history, choice.version, choice.because);
      return this.#missing(path, 'a folder of the same name is restored', choice.version);
    }
    if (choice.what === 'missing') return this.#missing(path, this.#whyMissing(history), choice.best);
    this.counts.left++;
    const reason = choice.because === 'note' ? 'a ransom note' : this.#whyDeleted(choice.version, history);
    return { type: 'left', path: toReportedPath(path), reason, last: planned(choice.version, path) };
  }

  #restore(history: History, version: Version, because: 'current' | 'hit' | 'gone'): RestoreLine {
    const { path } = history;
    this.#folders.add(path);
    this.counts.restore++;
    this.counts.bytes += version.size;
    return {
      type: 'restore',
      path: toReportedPath(path),
      ...planned(version, path),
      sha256: version.sha256!,
      verdict: version.verdict!,
      reason: this.#why(history, version, because),
    };
  }

  #missing(path: Path, reason: string, best: Version | null): MissingLine {
    this.counts.missing++;
    return {
      type: 'missing',
      path: toReportedPath(path),
      reason,
      best: best === null ? null : { ...planned(best, path), proved: best.proved },
    };
  }

  #why({ versions }: History, version: Version, because: 'current' | 'hit' | 'gone'): string {
    if (because === 'current') return 'the newest version';
    const since = this.#labels[version.snapshots.at(-1)! + 1];
    if (because === 'gone' && versions[0] === version) return `gone in ${since}`;
    const next = versions[versions.indexOf(version) - 1];
    const renamed = next?.renamed === true ? ` as ${JSON.stringify(nameOf(next.path))}` : '';
    return `${next?.verdict ?? 'gone'} in ${this.#labels[next?.snapshots[0] ?? 0]}${renamed}`;
  }

  #whyMissing(history: History): string {
    if (!isNewSince(history, this.#around.attack)) return 'no version is acceptable';
    return 'new since the attack, and no version is acceptable';
  }

  #whyDeleted({ snapshots }: Version, { versions }: History): string {
    const last = Math.max(snapshots.at(-1)!, versions[0]!.snapshots.at(-1)!);
    const when = this.#around.attack === null ? 'and no attack was found' : 'before the attack';
    return `gone in ${this.#labels[last + 1]}, ${when}`;
  }
}

function headerOf(
  { snapshots, attack, counts, orderedBy, accepted }: Timeline,
  options: PlanOptions,
): PlanHeader {
  return {
    type: 'plan',
    schema: PLAN_VERSION,
    tool: `unscathed ${toolVersion}`,
    made: new Date().toISOString(),
    orderedBy,
    snapshots: snapshots.map(({ real, label, time }) => ({
      path: toReportedPath(real),
      label,
      time: time === null ? null : new Date(time).toISOString(),
    })),
    accept: [...accepted],
    attack: attackOf({ snapshots, attack, counts }, options.attack),
  };
}

function attackOf(
  { snapshots, attack, counts }: Pick<Timeline, 'snapshots' | 'attack' | 'counts'>,
  given: number | undefined,
): PlanHeader['attack'] {
  if (given === undefined) {
    return attack === null
      ? null
      : { snapshot: attack.snapshot, by: attack.by, newlyHit: attack.newlyHit, share: attack.share };
  }
  if (!Number.isSafeInteger(given) || given < 0 || given >= snapshots.length) {
    throw new RangeError(
      `attack must be a snapshot's number from 0 to ${snapshots.length - 1}, not ${given}`,
    );
  }
  const { newlyHit, files } = counts[given]!;
  return { snapshot: given, by: 'given', newlyHit, share: files === 0 ? 0 : newlyHit / files };
}

function planned(
  { snapshots, path, size, sha256, modified, verdict }: Version,
  target: Path,
): PlannedVersion {
  return {
    snapshot: snapshots.at(-1)!,
    ...(path === target ? {} : { source: toReportedPath(path) }),
    size,
    sha256,
    modified: new Date(modified).toISOString(),
    verdict,
  };
}
