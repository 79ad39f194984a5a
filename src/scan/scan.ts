import type { EndLine, ReportLine, ScanLine } from '../report/line.ts';
import { SCHEMA_VERSION } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import { fromBytes, fromText, toSystemPath } from '../sources/folders/path.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';
import { findRoots, type Root, type RootPath } from '../sources/folders/roots.ts';
import { walkInBulk } from '../sources/folders/walk.ts';
import { version } from '../version.ts';
import { planWork } from './batches.ts';
import { Correlation } from './correlation/correlation.ts';
import { Crew } from './crew.ts';
import { flow } from './flow.ts';
import { ImagePlanner } from './images/image-planner.ts';
import { toDone, workOnImage } from './images/image-work.ts';
import { imageChoices, type ScanOptions, type ScanSettings, settle } from './options.ts';
import { type Done, Tally } from './tally.ts';
import type { Work } from './work.ts';

/**
 * Examines all files under the roots and gives the lines of the report as they come: the first is of type `scan`, the
 * last of type `end`; files in between stand in no order. Nothing runs ahead of the consumer by more than a few batches.
 * Files whose verdicts the scan as a whole may raise come last, with a line of type `incident` where it has such marks.
 *
 * When `signal` is aborted, the line of type `end` says so, and then the signal's reason is thrown.
 * @throws MissingRoot, CrewError, RangeError, the reason of `signal`
 */
export async function* scan(
  roots: readonly RootPath[],
  options: ScanOptions = {},
): AsyncGenerator<ReportLine> {
  for await (const text of scanToText(roots, options)) yield* parseLines(text);
}

/** The same as NDJSON: whole lines, a few hundred at a time, which the main thread needn't look into. */
export async function* scanToText(
  roots: readonly RootPath[],
  options: ScanOptions = {},
): AsyncGenerator<string> {
  const settings = settle(options);
  const tally = new Tally();
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const found = await findRoots(roots);
  yield toNdjson(openingLine(roots, settings));
  const correlation = new Correlation(found.map(({ real }) => toSystemPath(real)));
  try {
    try {
      for await (const done of examineAll(found, options, settings, tally)) {
        tally.add(done);
        onProgress?.(tally);
        const text = done.text + hold(done, correlation);
        if (text !== '') yield text;
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
    yield* settleAll(correlation, tally);
    onProgress?.(tally);
  } finally {
    correlation.close();
  }
  yield toNdjson(closingLine(tally, signal?.aborted === true));
  signal?.throwIfAborted();
}

/** Gives the lines for which there is no room. */
function hold({ examined }: Done, correlation: Correlation): string {
  return examined.map(({ held }) => (held === undefined ? '' : correlation.add(held))).join('');
}

/** What waited for the end: also where the scan was interrupted, so that nothing that was examined is missing. */
function* settleAll(correlation: Correlation, tally: Tally): Generator<string> {
  for (const { text, raised } of correlation.settle()) {
    for (const file of raised) tally.raise(file);
    if (text !== '') yield text;
  }
  tally.incident = correlation.incident;
}

async function* examineAll(
  roots: readonly Root[],
  options: ScanOptions,
  settings: ScanSettings,
  tally: Tally,
): AsyncGenerator<Done> {
  const { signal, since } = options;
  const crew = new Crew(settings);
  const dismiss = () => void crew.dismiss();
  signal?.addEventListener('abort', dismiss, { once: true });
  const found = (files: number, bytes: number) => tally.find(files, bytes);
  const images = new ImagePlanner(crew, imageChoices(roots, options), found);
  const work = planWork(walkInBulk(roots, options), since, found, images);
  try {
    // Twice the workers: each has its next batch waiting when it has done one.
    yield* flow(noteEnd(work, tally), settings.workers * 2, (item) => doWork(item, crew));
  } finally {
    signal?.removeEventListener('abort', dismiss);
    await crew.dismiss();
  }
}

async function* noteEnd(work: AsyncGenerator<Work>, tally: Tally): AsyncGenerator<Work> {
  yield* work;
  tally.walked = true;
}

async function doWork(work: Work, crew: Crew): Promise<Done> {
  if (work.kind === 'listed') return { ...work, examined: [] };
  if (work.kind === 'image') return workOnImage(work, crew);
  if (work.kind === 'done') return toDone([work.examined]);
  const examined = await crew.examine(work.files);
  return { text: examined.map(({ text }) => text).join(''), examined, skipped: 0, unread: 0 };
}

function openingLine(roots: readonly RootPath[], { policy }: ScanSettings): ScanLine {
  const paths = roots.map((root) => (typeof root === 'string' ? fromText(root) : fromBytes(root)));
  return {
    type: 'scan',
    schema: SCHEMA_VERSION,
    tool: `unscathed ${version}`,
    started: new Date().toISOString(),
    roots: paths.map(toReportedPath),
    policy,
    host: { platform: process.platform, node: process.version },
  };
}

function closingLine({ counts, files, bytes, skipped, unread }: Tally, interrupted: boolean): EndLine {
  return {
    type: 'end',
    counts,
    files,
    bytes,
    skipped,
    unread,
    interrupted,
    finished: new Date().toISOString(),
  };
}

function* parseLines(text: string): Generator<ReportLine> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    yield JSON.parse(text.slice(at, end)) as ReportLine;
    at = end + 1;
  }
}
