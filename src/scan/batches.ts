import { toNdjson } from '../report/ndjson.ts';
import type { FileEntry, SkippedEntry, UnreadEntry, WalkEntry } from '../sources/folders/entry.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';

/** What there is to do next: files for a worker, or lines on what isn't to be examined. */
export type Work =
  | { readonly kind: 'batch'; readonly files: readonly FileEntry[] }
  | { readonly kind: 'listed'; readonly text: string; readonly skipped: number; readonly unread: number };

/** Small enough that a batch takes a worker milliseconds, large enough that its messages cost little beside. */
const MOST_FILES = 256;
/** Bytes. A larger file goes alone. */
const MOST_BYTES = 8 << 20;

/** Makes batches of what the walk finds, in its order. `found` hears of files as they're found. */
export async function* planWork(
  entries: AsyncIterable<readonly WalkEntry[]>,
  since: Date | undefined,
  found: (files: number, bytes: number) => void,
): AsyncGenerator<Work> {
  const sinceMs = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const batch = new GrowingBatch();
  for await (const some of entries) {
    const listed: (SkippedEntry | UnreadEntry)[] = [];
    for (const entry of some) {
      if (entry.kind !== 'file') listed.push(entry);
      else if (Math.max(entry.mtimeMs, entry.ctimeMs) < sinceMs) listed.push(unchanged(entry, sinceMs));
      else {
        found(1, entry.size);
        const full = batch.add(entry);
        if (full !== null) yield full;
      }
    }
    if (listed.length > 0) yield list(listed);
  }
  const rest = batch.take();
  if (rest !== null) yield rest;
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

function list(entries: readonly (SkippedEntry | UnreadEntry)[]): Work {
  const lines = entries.map(({ kind, path, why }) =>
    toNdjson({ type: kind, path: toReportedPath(path), why }),
  );
  const skipped = entries.filter(({ kind }) => kind === 'skipped').length;
  return { kind: 'listed', text: lines.join(''), skipped, unread: entries.length - skipped };
}
