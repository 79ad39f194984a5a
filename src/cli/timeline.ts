import { pathToFileURL } from 'node:url';
import { SnapshotLists } from '../gate/restore/lists.ts';
import { plan } from '../gate/restore/plan.ts';
import type { MissingLine, PlanEnd, PlanLine } from '../gate/restore/plan-line.ts';
import type { Trust } from '../gate/timeline/identity.ts';
import type { Acceptable, TimelineOptions, TimelineProgress } from '../gate/timeline/options.ts';
import type { Order } from '../gate/timeline/order.ts';
import { conclusions, plot } from '../gate/timeline/plot.ts';
import { SnapshotError } from '../gate/timeline/snapshot.ts';
import { type Timeline, timeline } from '../gate/timeline/timeline.ts';
import { timelineLines } from '../gate/timeline/timeline-line.ts';
import { toJsonLine } from '../report/ndjson.ts';
import { bytesText, printable } from '../report/text.ts';
import { CrewError } from '../scan/crew.ts';
import { MissingRoot } from '../sources/folders/roots.ts';
import { exitCode, UsageError } from './exit.ts';
import { readFamilies } from './families.ts';
import { LineOutput } from './output.ts';
import { painterFor } from './paint.ts';

/** Paths without an intact version that are shown. */
const MOST_SHOWN = 20;

/** As they were given on the command line. */
export interface TimelineCommandOptions {
  readonly order?: Order;
  readonly trust?: Trust;
  readonly ignoreCase?: boolean;
  readonly accept?: string[];
  readonly untilIntact?: boolean;
  readonly output?: string;
  readonly json?: boolean;
  readonly plan?: string;
  readonly lists?: string;
  readonly deleted?: boolean;
  readonly attack?: string;
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly workers?: number;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly crossMounts?: boolean;
  readonly floor?: number;
  readonly plugin?: string[];
  readonly marks?: string;
  readonly scratch?: string;
}

/** Compares the snapshots, prints what was found, writes plan and lists, and returns the exit code. @throws UsageError, OutputError */
export async function runTimeline(folders: string[], options: TimelineCommandOptions): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const line = new StageLine(options.quiet === true);
  let found: Timeline | null = null;
  try {
    const { signal } = interruption;
    found = await timeline(folders, { ...toOptions(options), signal, onProgress: (now) => line.show(now) });
    line.clear();
    return await report(found, options);
  } catch (error) {
    if (interruption.signal.aborted) return exitCode.interrupted;
    if (isUsage(error)) throw new UsageError((error as Error).message);
    throw error;
  } finally {
    line.clear();
    found?.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function isUsage(error: unknown): boolean {
  return [MissingRoot, SnapshotError, CrewError, RangeError].some((kind) => error instanceof kind);
}

function toOptions(options: TimelineCommandOptions): TimelineOptions {
  const { order, trust, accept, workers, include, exclude, floor, plugin, marks, scratch } = options;
  return {
    ...(order === undefined ? {} : { order }),
    ...(trust === undefined ? {} : { trust }),
    ...(accept === undefined ? {} : { accept: ['intact', ...accept] as Acceptable[] }),
    ...(workers === undefined ? {} : { workers }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(floor === undefined ? {} : { policy: { floor } }),
    ...(marks === undefined ? {} : { families: readFamilies(marks) }),
    ...(scratch === undefined ? {} : { scratch }),
    plugins: (plugin ?? []).map((module) => pathToFileURL(module)),
    foldCase: options.ignoreCase === true,
    untilAccepted: options.untilIntact === true,
    crossMounts: options.crossMounts === true,
  };
}

async function report(found: Timeline, options: TimelineCommandOptions): Promise<number> {
  const lines = () => texts(timelineLines(found));
  if (options.output !== undefined) await pour(lines(), await LineOutput.toFile(options.output));
  const stdout = LineOutput.toStream(process.stdout, 'standard output');
  if (options.json === true) await pour(lines(), stdout);
  const planned = await writePlan(found, options);
  if (options.json !== true && options.quiet !== true) {
    await stdout.write(`${people(found, planned, options).join('\n')}\n`);
  }
  if (planned.end.missing > 0) return exitCode.unsafe;
  const isIncomplete = found.notices.some(({ level }) => level === 'wrong');
  return isIncomplete || found.counts.some(({ verdicts }) => verdicts.unread > 0)
    ? exitCode.incomplete
    : exitCode.safe;
}

interface Planned {
  readonly end: PlanEnd;
  readonly bySnapshot: readonly number[];
  readonly missing: readonly MissingLine[];
}

/** The plan is made in any case, since it tells what can be restored. */
async function writePlan(found: Timeline, options: TimelineCommandOptions): Promise<Planned> {
  const output = options.plan === undefined ? null : await LineOutput.toFile(options.plan);
  let lists: SnapshotLists | null = null;
  const bySnapshot = found.snapshots.map(() => 0);
  const missing: MissingLine[] = [];
  let end: PlanEnd | null = null;
  try {
    for (const line of plan(found, planOptions(found, options))) {
      await output?.write(toJsonLine(line));
      if (line.type === 'plan' && options.lists !== undefined) lists = makeLists(options.lists, line);
      if (line.type === 'restore') {
        bySnapshot[line.snapshot]!++;
        await lists?.add(line);
      }
      if (line.type === 'missing' && (options.all === true || missing.length < MOST_SHOWN))
        missing.push(line);
      if (line.type === 'end') end = line;
    }
    await output?.end();
    await lists?.finish();
  } catch (error) {
    await lists?.drop();
    throw error;
  }
  return { end: end!, bySnapshot, missing };
}

function makeLists(folder: string, header: Extract<PlanLine, { type: 'plan' }>): SnapshotLists {
  try {
    return new SnapshotLists(folder, header.snapshots);
  } catch (error) {
    throw new UsageError(`cannot write lists to ${folder}: ${(error as Error).message}`);
  }
}

function planOptions({ snapshots }: Timeline, { deleted, attack }: TimelineCommandOptions) {
  if (attack === undefined) return { deleted: deleted === true };
  const named = snapshots.findIndex(({ label }) => label === attack);
  return { deleted: deleted === true, attack: named >= 0 ? named : Number(attack) };
}

function people(
  found: Timeline,
  { end, bySnapshot, missing }: Planned,
  options: TimelineCommandOptions,
): string[] {
  const paint = painterFor(process.stdout);
  const { snapshots, notices } = found;
  return [
    ...plot(found, paint),
    '',
    ...notices.map(({ level, text }) =>
      paint(`${level}: ${printable(text)}`, level === 'wrong' ? 'bad' : 'faint'),
    ),
    ...conclusions(found),
    `to restore: ${end.restore} files, ${bytesText(end.bytes)}; ${end.left} are left out, ${end.missing} have no version to restore`,
    ...bySnapshot.flatMap((files, i) =>
      files > 0 ? [`  ${files} from ${printable(snapshots[i]!.label)}`] : [],
    ),
    ...missing.map(({ path, reason, best }) => {
      const proved =
        best === null ? '' : `; best: ${best.verdict} in ${printable(snapshots[best.snapshot]!.label)}`;
      return `  ${paint('missing', 'bad')}  ${printable(path.text)}  ${paint(reason + proved, 'faint')}`;
    }),
    ...(end.missing > missing.length ? [`  … and ${end.missing - missing.length} more`] : []),
    ...(options.plan === undefined ? [] : [`plan: ${printable(options.plan)}`]),
  ];
}

function* texts(lines: Iterable<object>): Generator<string> {
  for (const line of lines) yield toJsonLine(line);
}

async function pour(lines: Iterable<string>, output: LineOutput): Promise<void> {
  for (const line of lines) {
    if (output.closed) break;
    await output.write(line);
  }
  await output.end();
}

const EVERY_MS = 200;

/** A line on the terminal that is written over. */
class StageLine {
  readonly #silent: boolean;
  #shownAt = 0;
  #shown = false;

  constructor(quiet: boolean) {
    this.#silent = quiet || !process.stderr.isTTY;
  }

  show({ stage, snapshots, files, paths, examined, hashed }: TimelineProgress): void {
    const now = performance.now();
    if (this.#silent || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#shown = true;
    const text =
      stage === 'listing'
        ? `${snapshots} snapshots listed · ${files} files`
        : `${paths} paths · ${examined} examined · ${hashed} hashed`;
    process.stderr.write(`\r\u001b[2K${text}`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[2K');
    this.#shown = false;
  }
}
