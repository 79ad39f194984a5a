import type { ReportLine } from '../report/line.ts';
import { parseLines } from '../report/ndjson.ts';
import { fromBytes, fromText, toSystemPath } from '../sources/folders/path.ts';
import { findRoots, type RootPath } from '../sources/folders/roots.ts';
import { walkInBulk } from '../sources/folders/walk.ts';
import { planWork } from './batches.ts';
import { ResultCache } from './cache/result-cache.ts';
import { ImagePlanner } from './images/image-planner.ts';
import { imageChoices, type ScanOptions, settle } from './options.ts';
import { reportOn, type Subject } from './report-on.ts';

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
  options.signal?.throwIfAborted();
  const found = await findRoots(roots);
  const settings = settle(
    options,
    found.map(({ path }) => path),
  );
  const folders = found.map(({ real }) => toSystemPath(real));
  const cache =
    options.cache === undefined ? undefined : await ResultCache.open(options.cache, settings, folders);
  const subject: Subject = {
    paths: roots.map((root) => (typeof root === 'string' ? fromText(root) : fromBytes(root))),
    folders,
    ...(cache === undefined ? {} : { cache }),
    plan: (crew, note) => {
      const images = new ImagePlanner(crew, imageChoices(found, options), note);
      return planWork(walkInBulk(found, options), options.since, note, images, cache);
    },
  };
  yield* reportOn(subject, options, settings);
}
