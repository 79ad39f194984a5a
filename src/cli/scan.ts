import { pathToFileURL } from 'node:url';
import { BaselineError } from '../baseline/baseline-error.ts';
import { readBaseline } from '../baseline/read-baseline.ts';
import { imageText } from '../report/image-text.ts';
import type { FileLine, ImageLine, SkippedLine, SpaceLine, UnreadLine, VolumeLine } from '../report/line.ts';
import { schemeText } from '../report/scheme-text.ts';
import { summarise, toneOf } from '../report/summary.ts';
import { printable } from '../report/text.ts';
import { CacheError } from '../scan/cache/cache-file.ts';
import { CrewError } from '../scan/crew.ts';
import type { ScanOptions } from '../scan/options.ts';
import { scanToText } from '../scan/scan.ts';
import { scanTarToText } from '../scan/scan-tar.ts';
import type { Progress } from '../scan/tally.ts';
import { MissingRoot } from '../sources/folders/roots.ts';
import { NoTar } from '../sources/streams/tar-stream.ts';
import { readDamage } from './damage-file.ts';
import { exitCode, UsageError } from './exit.ts';
import { type ExportOptions, ExportOutput } from './export-output.ts';
import { readFamilies } from './families.ts';
import { openStream } from './input.ts';
import { LineOutput } from './output.ts';
import { painterFor } from './paint.ts';
import { ProgressLine } from './progress.ts';

const WORST_FOLDERS = 10;
const MOST_LAYOUTS = 100;

/** As they were given on the command line. */
export interface ScanCommandOptions extends ExportOptions {
  readonly output?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly workers?: number;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly crossMounts?: boolean;
  readonly sha256?: boolean;
  readonly floor?: number;
  /** Then there are no paths. */
  readonly tar?: string;
  readonly since?: Date;
  readonly baseline?: string;
  readonly cache?: string;
  readonly trustMtime?: boolean;
  readonly plugin?: string[];
  readonly marks?: string;
  /** True with `--images`, false with `--no-images`. */
  readonly images?: boolean;
  readonly deleted?: boolean;
  readonly hit?: boolean;
  readonly damage?: string;
}

/** Scans, prints, writes the report, and returns the exit code. @throws UsageError, OutputError */
export async function runScan(paths: string[], options: ScanCommandOptions): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progressLine = new ProgressLine(process.stderr);
  const started = performance.now();
  let progress: Progress | null = null;
  try {
    const sinks = await openSinks(options, progressLine);
    const lines = await linesOf(paths, options, {
      ...scanOptions(options),
      ...(await readComparison(options)),
      signal: interruption.signal,
      onProgress: (now) => {
        progress = now;
        if (options.quiet !== true) progressLine.update(now);
      },
    });
    await pour(lines, sinks, interruption);
  } catch (error) {
    if (
      error instanceof MissingRoot ||
      error instanceof CrewError ||
      error instanceof NoTar ||
      error instanceof CacheError
    )
      throw new UsageError(error.message);
    throw error;
  } finally {
    progressLine.clear();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  const interrupted = interruption.signal.aborted;
  if (options.quiet !== true) printSummary(progress, performance.now() - started, interrupted);
  return interrupted ? exitCode.interrupted : codeFor(progress);
}

async function linesOf(
  paths: string[],
  options: ScanCommandOptions,
  settings: ScanOptions,
): Promise<AsyncIterable<string>> {
  const { tar } = expectOneSubject(paths, options);
  if (tar === undefined) return scanToText(paths, settings);
  return scanTarToText(await openStream(tar), { ...settings, name: tar });
}

/** @throws UsageError where the list can't be read, or isn't one */
export async function readComparison({
  baseline,
}: Pick<ScanCommandOptions, 'baseline'>): Promise<Pick<ScanOptions, 'baseline'>> {
  if (baseline === undefined) return {};
  try {
    return { baseline: await readBaseline(baseline) };
  } catch (error) {
    if (error instanceof BaselineError) throw new UsageError(error.message);
    throw new UsageError(`${baseline}: ${(error as Error).message}`);
  }
}

/** Paths or an archive, not both, not neither. @throws UsageError */
export function expectOneSubject<
  Options extends Pick<ScanCommandOptions, 'tar' | 'since' | 'cache' | 'trustMtime'>,
>(paths: readonly string[], options: Options): Options {
  const { tar, since, cache, trustMtime } = options;
  if (tar === undefined && paths.length === 0)
    throw new UsageError('nothing to examine: give paths, or --tar');
  if (tar !== undefined && paths.length > 0) throw new UsageError('give paths or --tar, not both');
  if (tar !== undefined && since !== undefined)
    throw new UsageError('--since asks file systems; the times in an archive prove nothing');
  if (tar !== undefined && cache !== undefined)
    throw new UsageError('--cache knows files of file systems, not archives');
  if (trustMtime === true && cache === undefined)
    throw new UsageError('--trust-mtime says how --cache is used: give both');
  return options;
}

/** What the library takes. @throws UsageError where the marks can't be read */
export function scanOptions(options: ScanCommandOptions): ScanOptions {
  const { workers, include, exclude, crossMounts, sha256, floor, plugin, marks, images } = options;
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(floor === undefined ? {} : { policy: { floor } }),
    ...(marks === undefined ? {} : { families: readFamilies(marks) }),
    ...(images === undefined ? {} : { images }),
    ...(options.cache === undefined
      ? {}
      : { cache: { file: options.cache, trustMtime: options.trustMtime === true } }),
    ...(options.since === undefined ? {} : { since: options.since }),
    deleted: options.deleted === true,
    hit: options.hit === true,
    ...(options.damage === undefined ? {} : { damage: readDamage(options.damage) }),
    plugins: (plugin ?? []).map((module) => pathToFileURL(module)),
    crossMounts: crossMounts === true,
    sha256: sha256 === true,
  };
}

interface Sink {
  /** Takes whole lines of the report. */
  write(text: string): Promise<void>;
  end(): Promise<void>;
  /** Whether nobody reads any more. */
  readonly closed: boolean;
}

async function openSinks(options: ScanCommandOptions, progressLine: ProgressLine): Promise<Sink[]> {
  const sinks: Sink[] = await ExportOutput.openAll(options);
  if (options.output !== undefined) sinks.push(await LineOutput.toFile(options.output));
  if (options.quiet === true && options.json !== true) return sinks;
  const stdout = LineOutput.toStream(process.stdout, 'standard output');
  return [
    ...sinks,
    options.json === true ? stdout : new FileList(stdout, options.all === true, progressLine),
  ];
}

/** Lines go to every sink that is open; when the last has been closed, there's no use in going on. */
async function pour(
  lines: AsyncIterable<string>,
  sinks: readonly Sink[],
  interruption: AbortController,
): Promise<void> {
  try {
    for await (const text of lines) {
      const open = sinks.filter(({ closed }) => !closed);
      if (open.length === 0 && sinks.length > 0) break;
      for (const sink of open) await sink.write(text);
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
  }
  for (const sink of sinks) await sink.end();
}

/** The list for people: files that aren't safe, one a line; with `all`, the others, too. */
class FileList implements Sink {
  readonly #output: LineOutput;
  readonly #listed: RegExp;
  readonly #progressLine: ProgressLine;
  readonly #paint = painterFor(process.stdout);

  constructor(output: LineOutput, all: boolean, progressLine: ProgressLine) {
    this.#output = output;
    this.#listed = all ? /^\{"type":"(?:file|unread|skipped|image|volume|space)"/ : unsafeLine;
    this.#progressLine = progressLine;
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  async write(text: string): Promise<void> {
    const rows = text
      .split('\n')
      .flatMap((line) => (this.#listed.test(line) ? [this.#row(JSON.parse(line))] : []));
    if (rows.length === 0) return;
    this.#progressLine.clear();
    await this.#output.write(`${rows.join('\n')}\n`);
  }

  end(): Promise<void> {
    return this.#output.end();
  }

  #row(line: Listed): string {
    const path = printable(line.path.text);
    if (line.type === 'image' || line.type === 'volume' || line.type === 'space')
      return `${line.type.padEnd(9)}  ${path}  ${this.#paint(imageText(line), 'faint')}`;
    if (line.type !== 'file')
      return `${this.#paint(line.type.padEnd(9), 'doubtful')}  ${path}  ${printable(line.why)}`;
    const why = printable(line.reasons[0]?.text ?? '');
    const how = line.scheme === null ? '' : ` [${schemeText(line.scheme)}]`;
    return `${this.#paint(line.verdict.padEnd(9), toneOf[line.verdict])}  ${path}  ${this.#paint(why + how, 'faint')}`;
  }
}

type Listed = FileLine | UnreadLine | SkippedLine | ImageLine | VolumeLine | SpaceLine;

/** Told by their beginning, without parsing: nearly all lines of a scan are of no interest here. */
const unsafeLine =
  /^\{"type":"(?:unread|image|volume|space)"|^\{"type":"file".{1,20000}?"verdict":"(?:encrypted|damaged|suspect|unread)"/;

function printSummary(progress: Progress | null, milliseconds: number, interrupted: boolean): void {
  if (progress === null) return;
  const { files, bytes, counts, skipped, unread, changed } = progress;
  const worstFolders = progress.worstFolders(WORST_FOLDERS);
  const totals = {
    files,
    bytes,
    counts,
    skipped,
    unread,
    changed,
    milliseconds,
    interrupted,
    worstFolders,
    layouts: progress.layouts(MOST_LAYOUTS).layouts,
    incident: progress.incident,
  };
  process.stderr.write(`${summarise(totals, painterFor(process.stderr)).join('\n')}\n`);
}

function codeFor(progress: Progress | null): number {
  if (progress === null) return exitCode.safe;
  const { counts, unread } = progress;
  if (counts.encrypted + counts.damaged + counts.suspect > 0) return exitCode.unsafe;
  return unread > 0 ? exitCode.incomplete : exitCode.safe;
}
