import { lstatSync } from 'node:fs';
import type { HashName } from '../baseline/baseline.ts';
import { BeatingSource } from '../bytes/beating-source.ts';
import { Broken, OverBudget, ReadError } from '../bytes/errors.ts';
import { FileSource } from '../bytes/file-source.ts';
import type { Budget } from '../bytes/meter.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Examination } from '../examine/examination.ts';
import { type ExamineOptions, examine } from '../examine/examine.ts';
import { type FileFacts, type FileLine, fileLine, unreadFileLine } from '../report/line.ts';
import { reasonOf } from '../sources/folders/entry.ts';
import { folderOf, fromText, joinPath, nameOf, type Path, toSystemPath } from '../sources/folders/path.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';
import { openStored, type StoredBytes, sizeOf } from '../sources/streams/stored-bytes.ts';
import type { KnownGood } from '../verdict/known-good.ts';
import { type CacheKeys, cacheKeysOf, hasRested } from './cache/cache-key.ts';
import type { Testimony, Witness } from './correlation/witness.ts';
import { type Digests, digestsOf } from './digests.ts';
import type { Digest } from './task.ts';

export interface FileOptions extends Pick<ExamineOptions, 'policy' | 'formats' | 'marks'> {
  readonly budget: Budget;
  readonly sha256: boolean;
  /** Whether results are kept for the next scan. */
  readonly keep?: boolean;
  /** Compares a file with a known-good state: by which hashes, and what it says. */
  readonly knownGoodOf?: {
    readonly names: readonly HashName[];
    say(path: Path, digests: Digests): KnownGood | undefined;
  };
  /** Called for each read, as a sign of life. */
  readonly beat: () => void;
  /** Takes down what can be compared with other files. */
  readonly witness?: Witness;
}

/** What there is to say of a file, and what it says of others: null where that's nothing. */
export interface ExaminedFile {
  readonly line: FileLine;
  readonly testimony: Testimony | null;
  /** What the file was when it was examined; left out where its result isn't to be kept. */
  readonly keys?: CacheKeys;
}

/** Opens a file, examines it, closes it: whatever goes wrong becomes its line. */
export function examineFile(path: Path, options: FileOptions): ExaminedFile {
  const opened: FileSource[] = [];
  try {
    const source = new FileSource(toSystemPath(path));
    opened.push(source);
    return examineSource(path, source, opened, options);
  } catch (error) {
    return { line: failedLine(path, opened[0], error), testimony: null };
  } finally {
    for (const source of opened) source.close();
  }
}

/** Examines what a stream brought. Nothing lies beside it. */
export function examineStored(path: Path, stored: StoredBytes, options: FileOptions): ExaminedFile {
  const modified = new Date(stored.mtimeMs);
  try {
    const source = openStored(stored);
    return examineBytes(path, source, { ...options, sibling: () => null }, () => ({ modified }));
  } catch (error) {
    const facts = { path: toReportedPath(path), modified };
    return { line: unreadFileLine(facts, sizeOf(stored), whyFailed(error)), testimony: null };
  }
}

function examineSource(
  path: Path,
  source: FileSource,
  opened: FileSource[],
  options: FileOptions,
): ExaminedFile {
  const sibling = (name: string) => openBeside(path, name, opened);
  const began = Date.now();
  const before = options.keep === true ? source.identity() : null;
  const examined = examineBytes(path, source, { ...options, sibling }, (examination) => ({
    modified: source.stats.mtime,
    changed: mayBeTorn(source, examination) && source.changedSinceOpened(),
  }));
  // What a file beside it told holds only as long as that one stays the same.
  if (before === null || opened.length > 1 || !hasRested(before, began)) return examined;
  return { ...examined, keys: cacheKeysOf(path, before) };
}

/**
 * Examines bytes, whatever stores them, under this path.
 * @param about what else the line has to say
 * @throws ReadError
 */
export function examineBytes(
  path: Path,
  source: ByteSource,
  options: FileOptions & Pick<ExamineOptions, 'sibling' | 'name'>,
  about: (examination: Examination) => Omit<FileFacts, 'path' | 'sha256'>,
): ExaminedFile {
  const digests = digestsOf(source, hashNamesOf(options), options.beat);
  const knownGood = options.knownGoodOf?.say(path, digests);
  const examination = examine(new BeatingSource(source, options.beat), {
    ...options,
    ...(knownGood === undefined ? {} : { knownGood }),
    budget: budgetFor(source.size, options.budget),
    name: options.name ?? toReportedPath(nameOf(path)).text,
  });
  const facts: FileFacts = {
    path: toReportedPath(path),
    ...about(examination),
    ...(options.sha256 ? { sha256: digests.sha256!.toString('hex') } : {}),
  };
  const testimony = options.witness?.see(path, source, examination) ?? null;
  return { line: fileLine(facts, examination), testimony };
}

/** What the line tells, and what the known-good state is asked by. */
function hashNamesOf({ sha256, knownGoodOf }: FileOptions): HashName[] {
  return [...new Set<HashName>([...(sha256 ? (['sha256'] as const) : []), ...(knownGoodOf?.names ?? [])])];
}

/** A file that one read gave and that was proved is whole, whatever became of it then: no need to ask again. */
function mayBeTorn({ reads }: FileSource, { judgement }: Examination): boolean {
  return reads > 1 || judgement.verdict !== 'intact';
}

/** Opens a file, hashes it, closes it. */
export function hashFile(path: Path, beat: () => void): Digest {
  try {
    const source = new FileSource(toSystemPath(path));
    try {
      const sha256 = digestsOf(source, ['sha256'], beat).sha256!.toString('hex');
      return source.changedSinceOpened() ? { why: 'it changed while it was read' } : { sha256 };
    } finally {
      source.close();
    }
  } catch (error) {
    return { why: whyFailed(error) };
  }
}

/** A slow disk gives at least so many bytes in a millisecond. */
const SLOWEST = 32_000;

/** Honest disk images take longer than a minute: the time that a file may take grows with its size. */
function budgetFor(size: number, budget: Budget): Budget {
  return { ...budget, milliseconds: budget.milliseconds + size / SLOWEST };
}

/** A line on a file that could not be examined. */
function failedLine(path: Path, source: FileSource | undefined, error: unknown): FileLine {
  const stats = source?.stats ?? lstatSync(toSystemPath(path), { throwIfNoEntry: false });
  return unreadFileLine(
    { path: toReportedPath(path), modified: stats?.mtime ?? null },
    stats?.size ?? 0,
    whyFailed(error),
  );
}

/** Why a file has no verdict, in words. */
export function whyFailed(error: unknown): string {
  if (error instanceof Broken || error instanceof OverBudget) return error.message;
  if (error instanceof ReadError) return error.cause === undefined ? error.message : reasonOf(error.cause);
  return `the examination failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

/** Only names of the same folder; null where there is none, or none that may be read. */
function openBeside(path: Path, name: string, opened: FileSource[]): ByteSource | null {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) return null;
  try {
    const source = new FileSource(toSystemPath(joinPath(folderOf(path), fromText(name))));
    opened.push(source);
    return source;
  } catch {
    // For a verifier a file that can't be read is the same as none; the walk lists it in its own right.
    return null;
  }
}
