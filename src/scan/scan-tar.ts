import type { ReportLine } from '../report/line.ts';
import { parseLines } from '../report/ndjson.ts';
import type { FileEntry, WalkEntry } from '../sources/folders/entry.ts';
import { fromText, type Path } from '../sources/folders/path.ts';
import { type Selection, select } from '../sources/folders/selection.ts';
import { defaultSpoolLimits, type SpoolLimits } from '../sources/streams/spool.ts';
import { letGoOf, readTar } from '../sources/streams/tar-stream.ts';
import { planWork } from './batches.ts';
import { type ScanOptions, settle } from './options.ts';
import { reportOn, type Subject } from './report-on.ts';

export interface TarScanOptions
  extends Omit<ScanOptions, 'since' | 'images' | 'deleted' | 'hit' | 'crossMounts'> {
  /** What to call the archive in the report; `-` by default. */
  readonly name?: string;
  /** How much of a member is kept in memory, how much in a temporary file, and where that is. */
  readonly spool?: Partial<SpoolLimits>;
}

/**
 * Examines the files of a tar archive while its bytes come by, as from `restic dump -a tar` or `borg export-tar`; the
 * lines are as those of `scan`, with the paths that the archive gives. A long member is kept in a temporary file without
 * a name until it's examined.
 * @throws NoTar before the first file, what the stream throws, CrewError, RangeError, the reason of `signal`
 */
export async function* scanTar(
  stream: AsyncIterable<Uint8Array>,
  options: TarScanOptions = {},
): AsyncGenerator<ReportLine> {
  for await (const text of scanTarToText(stream, options)) yield* parseLines(text);
}

/** The same as NDJSON. */
export async function* scanTarToText(
  stream: AsyncIterable<Uint8Array>,
  options: TarScanOptions = {},
): AsyncGenerator<string> {
  const { name = '-', spool, signal } = options;
  signal?.throwIfAborted();
  const path = fromText(name);
  const entries = readTar(stream, path, { ...defaultSpoolLimits, ...spool });
  const chosen = chooseEntries(entries, select(options));
  const subject: Subject = {
    paths: [path],
    folders: [],
    plan: (_, note) => planWork(chosen, undefined, note),
  };
  yield* reportOn(subject, options, settle(options));
}

async function* chooseEntries(
  entries: AsyncIterable<readonly WalkEntry[]>,
  { wantsFile }: Selection,
): AsyncGenerator<WalkEntry[]> {
  for await (const some of entries) {
    const wanted = some.filter(({ kind, path }) => kind === 'unread' || wantsFile(withoutLeader(path)));
    letGoOf(some.filter((entry) => entry.kind === 'file' && !wanted.includes(entry)) as FileEntry[]);
    yield wanted;
  }
}

/** `./a` and `/a` in an archive are `a` to a glob. */
function withoutLeader(path: Path): Path {
  return path.replace(/^(?:\.?\/+)+/, '') as Path;
}
