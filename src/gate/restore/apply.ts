import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Crew } from '../../scan/crew.ts';
import { type ScanOptions, settle } from '../../scan/options.ts';
import { fromText, type Path, toBuffer } from '../../sources/folders/path.ts';
import { displayText } from '../../sources/folders/path-text.ts';
import { pathOf } from '../../sources/folders/relative.ts';
import { version } from '../../version.ts';
import { chunk, inOrderOf } from '../timeline/windows.ts';
import { Anchored } from './anchored.ts';
import { ApplyError } from './apply-error.ts';
import type { ApplyEnd, ApplyHeader, ApplyLine, DoneLine, RefusedLine } from './apply-line.ts';
import { lockFolder } from './lock.ts';
import { checkPlan, readPlan } from './plan-file.ts';
import type { PlanHeader, RestoreLine } from './plan-line.ts';
import { Restorer } from './restorer.ts';

export interface ApplyOptions
  extends Pick<ScanOptions, 'workers' | 'policy' | 'budget' | 'plugins' | 'families' | 'patience' | 'heap'> {
  /** The folder to restore into; it's made where it isn't there, but not in a dry run. */
  readonly to: string;
  /** Looks, and writes nothing. */
  readonly dryRun?: boolean;
  /** Replaces files of the target whose bytes are others than the plan's. */
  readonly replace?: boolean;
  /** When it's aborted, what is at hand is finished; the line of type `end` says that it was interrupted. */
  readonly signal?: AbortSignal;
}

/** Files that are copied before they're examined together. */
const BATCH = 64;

/**
 * Restores by a plan. Each file is copied under a temporary name in its folder, hashed on the way, examined once more, and
 * only then given its name: at any moment a file of the plan is either absent from the target, or complete and verified.
 * Run again, it goes on where it was ended. Nothing is overwritten without `replace`, nothing is written outside of the
 * target or through a link. What can't be restored is told file by file.
 * @throws PlanError before anything is written; ApplyError where it can't begin, or can't go on, as on a full disk
 */
export async function* applyPlan(planFile: string, options: ApplyOptions): AsyncGenerator<ApplyLine> {
  const { header, end } = checkPlan(planFile);
  const dryRun = options.dryRun === true;
  const to = prepareTarget(options.to, header, dryRun);
  yield openingLine(to ?? resolve(options.to), dryRun, end);
  const totals = new Totals();
  // A folder that isn't there holds nothing: all of the plan would be restored into it.
  const unlock = to === null || dryRun ? () => {} : lockFolder(to);
  try {
    for await (const line of restoreAll(planFile, header, to, options)) {
      totals.add(line);
      yield line;
    }
  } finally {
    unlock();
  }
  yield totals.end(options.signal?.aborted === true);
}

async function* restoreAll(
  planFile: string,
  header: PlanHeader,
  to: string | null,
  options: ApplyOptions,
): AsyncGenerator<DoneLine | RefusedLine> {
  const { dryRun = false, replace = false, signal, to: _, ...how } = options;
  const crew = dryRun ? null : new Crew(settle({ ...how, sha256: true, correlate: false }));
  const target = to === null ? null : Anchored.root(fromText(to));
  const restorer = new Restorer(header, target, crew, replace);
  try {
    const batches = until(signal, chunk(restoreLines(planFile), BATCH));
    for await (const lines of inOrderOf(batches, 2, (batch) => restorer.restore(batch))) yield* lines;
  } finally {
    restorer.close();
    target?.close();
    await crew?.dismiss();
  }
}

function* until<Item>(signal: AbortSignal | undefined, items: Iterable<Item>): Generator<Item> {
  for (const item of items) {
    if (signal?.aborted === true) return;
    yield item;
  }
}

function* restoreLines(planFile: string): Generator<RestoreLine> {
  for (const line of readPlan(planFile)) if (line.type === 'restore') yield line;
}

/** Where the target really is; null where it isn't there, in a dry run. @throws ApplyError */
function prepareTarget(wanted: string, { snapshots }: PlanHeader, dryRun: boolean): string | null {
  const evidence = snapshots.map(({ path }) => pathOf(path));
  const place = nearest(resolve(wanted));
  for (const snapshot of evidence) refuseEvidence(place, wanted, snapshot);
  try {
    if (!dryRun) mkdirSync(wanted, { recursive: true });
    const real = realpathSync(wanted);
    if (!statSync(real).isDirectory()) throw new ApplyError(`${wanted} is no folder`);
    return real;
  } catch (error) {
    if (error instanceof ApplyError) throw error;
    if (dryRun && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ApplyError(`${wanted}: ${(error as Error).message}`);
  }
}

/** The nearest folder above that is there, without links. */
function nearest(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there yet.
    return dirname(path) === path ? path : nearest(dirname(path));
  }
}

function refuseEvidence(place: string, wanted: string, snapshot: Path): void {
  const evidence = realOf(snapshot);
  if (isWithin(fromText(place), evidence)) {
    throw new ApplyError(
      `${wanted} lies in the snapshot ${displayText(snapshot)}: nothing is written into evidence`,
    );
  }
  if (isWithin(evidence, fromText(place)) && isThere(wanted)) {
    throw new ApplyError(
      `the snapshot ${displayText(snapshot)} lies in ${wanted}: choose a folder beside it`,
    );
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function realOf(path: Path): Path {
  try {
    return fromText(realpathSync(toBuffer(path) as unknown as string));
  } catch {
    // A snapshot that isn't there can't be written into; its files are refused one by one.
    return path;
  }
}

function isWithin(inner: Path, outer: Path): boolean {
  return `${inner}/`.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

function openingLine(
  to: string,
  dryRun: boolean,
  { restore, bytes, missing }: { restore: number; bytes: number; missing: number },
): ApplyHeader {
  return {
    type: 'apply',
    schema: 1,
    tool: `unscathed ${version}`,
    started: new Date().toISOString(),
    to,
    dryRun,
    files: restore,
    bytes,
    missing,
  };
}

class Totals {
  readonly #counts = { restored: 0, replaced: 0, present: 0, refused: 0, bytes: 0 };

  add(line: DoneLine | RefusedLine): void {
    if (line.type === 'refused') this.#counts.refused++;
    else if (line.what === 'present') this.#counts.present++;
    else {
      this.#counts[
        line.what.startsWith('would') ? would(line.what) : (line.what as 'restored' | 'replaced')
      ]++;
      this.#counts.bytes += line.size;
    }
  }

  end(interrupted: boolean): ApplyEnd {
    return { type: 'end', ...this.#counts, interrupted };
  }
}

function would(what: DoneLine['what']): 'restored' | 'replaced' {
  return what === 'would replace' ? 'replaced' : 'restored';
}
