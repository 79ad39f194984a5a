import type { EndLine, ScanLine } from '../report/line.ts';
import { SCHEMA_VERSION } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import type { Path } from '../sources/folders/path.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';
import { letGoOf } from '../sources/streams/tar-stream.ts';
import { version } from '../version.ts';
import type { ResultCache } from './cache/result-cache.ts';
import { Correlation } from './correlation/correlation.ts';
import { Crew } from './crew.ts';
import { flow } from './flow.ts';
import { toDone, workOnImage } from './images/image-work.ts';
import type { ScanOptions, ScanSettings } from './options.ts';
import { type Done, Tally } from './tally.ts';
import type { Examined } from './task.ts';
import type { Work } from './work.ts';

/** What is reported on. */
export interface Subject {
  /** As they stand in the report's first line. */
  readonly paths: readonly Path[];
  /** Where the files lie, for what they have in common; none for an archive. */
  readonly folders: readonly (string | Buffer)[];
  readonly cache?: ResultCache;
  readonly plan: (crew: Crew, note: (files: number, bytes: number) => void) => AsyncGenerator<Work>;
}

/** The report's lines, from its first to its last. */
export async function* reportOn(
  subject: Subject,
  options: Pick<ScanOptions, 'signal' | 'onProgress'>,
  settings: ScanSettings,
): AsyncGenerator<string> {
  const tally = new Tally();
  const { signal, onProgress } = options;
  yield toNdjson(openingLine(subject.paths, settings));
  const correlation = new Correlation(subject.folders);
  try {
    try {
      for await (const done of examineAll(subject, signal, settings, tally)) {
        tally.add(done);
        for (const part of done.examined) subject.cache?.add(part);
        onProgress?.(tally);
        const text = done.text + hold(done, correlation);
        if (text !== '') yield text;
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
    yield* settleAll(correlation, tally);
    onProgress?.(tally);
    subject.cache?.end(signal?.aborted !== true);
  } finally {
    correlation.close();
    subject.cache?.end(false);
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
  subject: Subject,
  signal: AbortSignal | undefined,
  settings: ScanSettings,
  tally: Tally,
): AsyncGenerator<Done> {
  const crew = new Crew(settings);
  const dismiss = () => void crew.dismiss();
  signal?.addEventListener('abort', dismiss, { once: true });
  const found = (files: number, bytes: number) => tally.find(files, bytes);
  const work = subject.plan(crew, found);
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
  if (work.kind === 'cached') return doneWith(work.examined);
  const examined = await crew.examine(work.files).finally(() => letGoOf(work.files));
  return doneWith(examined);
}

function doneWith(examined: readonly Examined[]): Done {
  return { text: examined.map(({ text }) => text).join(''), examined, skipped: 0, unread: 0 };
}

function openingLine(paths: readonly Path[], { policy }: ScanSettings): ScanLine {
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

/** Layouts that the last line lists. */
const MOST_LAYOUTS = 100;

function closingLine(tally: Tally, interrupted: boolean): EndLine {
  const { counts, files, bytes, skipped, unread, changed } = tally;
  const { layouts, others } = tally.layouts(MOST_LAYOUTS);
  return {
    type: 'end',
    counts,
    files,
    bytes,
    skipped,
    unread,
    ...(changed > 0 ? { changed } : {}),
    ...(layouts.length > 0 ? { layouts } : {}),
    ...(others > 0 ? { layoutsLeftOut: others } : {}),
    interrupted,
    finished: new Date().toISOString(),
  };
}
