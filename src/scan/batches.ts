import { toNdjson } from '../report/ndjson.ts';
import type { FileEntry, SkippedEntry, UnreadEntry, WalkEntry } from '../sources/folders/entry.ts';
import type { Path } from '../sources/folders/path.ts';
import { displayText, toReportedPath } from '../sources/folders/path-text.ts';
import type { ResultCache } from './cache/result-cache.ts';
import type { ImagePlanner } from './images/image-planner.ts';
import type { Examined } from './task.ts';
import type { Work } from './work.ts';

/** Small enough that a batch takes a worker milliseconds, large enough that its messages cost little beside. */
const MOST_FILES = 256;
/** Bytes. A larger file goes alone. */
const MOST_BYTES = 8 << 20;

/** Makes batches of what the walk finds, in its order. `found` hears of files as they're found. */
export async function* planWork(
  entries: AsyncIterable<readonly WalkEntry[]>,
  since: Date | undefined,
  found: (files: number, bytes: number) => void,
  images?: ImagePlanner,
  cache?: ResultCache,
): AsyncGenerator<Work> {
  const planner = new Planner(since, found, images, cache);
  for await (const some of entries) yield* planner.plan(some);
  yield* planner.planParts();
}

/** So many later segments of images may wait for the end. */
const MOST_PARTS = 100_000;

class Planner {
  readonly #since: number;
  readonly #found: (files: number, bytes: number) => void;
  readonly #images: ImagePlanner | undefined;
  readonly #cache: ResultCache | undefined;
  #cached: Examined[] = [];
  readonly #batch = new GrowingBatch();
  readonly #parts: FileEntry[] = [];
  #isWaiting = true;

  constructor(
    since: Date | undefined,
    found: (files: number, bytes: number) => void,
    images: ImagePlanner | undefined,
    cache: ResultCache | undefined,
  ) {
    this.#cache = cache;
    this.#since = since?.getTime() ?? Number.NEGATIVE_INFINITY;
    this.#found = found;
    this.#images = images;
  }

  async *plan(some: readonly WalkEntry[]): AsyncGenerator<Work> {
    const listed: (SkippedEntry | UnreadEntry)[] = [];
    for (const entry of some) {
      if (entry.kind !== 'file') listed.push(entry);
      else if (Math.max(entry.mtimeMs, entry.ctimeMs) < this.#since)
        listed.push(unchanged(entry, this.#since));
      else if (this.#waits(entry)) this.#parts.push(entry);
      // Only where it may be one: to delegate costs a promise, for each of a million files.
      else if (this.#images?.mayBeImage(entry) !== true || !(yield* this.#images.plan(entry))) {
        const full = this.#add(entry);
        if (full !== null) yield full;
      }
    }
    if (listed.length > 0) yield list(listed);
    if (this.#cached.length > 0) yield { kind: 'cached', examined: this.#cached };
    this.#cached = [];
  }

  /** Files that may be parts of images, now that these are known, and what's left. */
  async *planParts(): AsyncGenerator<Work> {
    this.#isWaiting = false;
    for (const entry of this.#parts) {
      const whole = this.#images?.wholeOf(entry) ?? null;
      if (whole === null) yield* this.plan([entry]);
      else yield list([partOf(entry, whole)]);
    }
    const rest = this.#batch.take();
    if (rest !== null) yield rest;
  }

  #waits(entry: FileEntry): boolean {
    if (!this.#isWaiting || this.#parts.length >= MOST_PARTS) return false;
    return this.#images?.mayBePart(entry) === true;
  }

  #add(entry: FileEntry): Work | null {
    this.#found(1, entry.size);
    const cached = this.#cache?.find(entry) ?? null;
    if (cached === null) return this.#batch.add(entry);
    this.#cached.push(cached);
    return null;
  }
}

class GrowingBatch {
  #files: FileEntry[] = [];
  #bytes = 0;

  /** Gives a batch when there is one that shouldn't grow. */
  add(file: FileEntry): Work | null {
    if (file.size >= MOST_BYTES) return { kind: 'batch', files: [file] };
    this.#files.push(file);
    this.#bytes += file.size;
    return this.#files.length >= MOST_FILES || this.#bytes >= MOST_BYTES ? this.take() : null;
  }

  take(): Work | null {
    if (this.#files.length === 0) return null;
    const files = this.#files;
    this.#files = [];
    this.#bytes = 0;
    return { kind: 'batch', files };
  }
}

function unchanged({ path }: FileEntry, sinceMs: number): SkippedEntry {
  return { kind: 'skipped', path, why: `not changed since ${new Date(sinceMs).toISOString()}` };
}

function partOf({ path }: FileEntry, whole: Path): SkippedEntry {
  return { kind: 'skipped', path, why: `part of the disk image ${displayText(whole)}` };
}

function list(entries: readonly (SkippedEntry | UnreadEntry)[]): Work {
  const lines = entries.map(({ kind, path, why }) =>
    toNdjson({ type: kind, path: toReportedPath(path), why }),
  );
  const skipped = entries.filter(({ kind }) => kind === 'skipped').length;
  return { kind: 'listed', text: lines.join(''), skipped, unread: entries.length - skipped };
}
