import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { JsonLinesFile, readJsonLines } from './json-lines.ts';

type Compare<T> = (a: T, b: T) => number;

/** Rows kept in memory, a few hundred bytes each. */
const MOST_ROWS = 65_536;
/** Files open at once. */
const MOST_RUNS = 96;

/**
 * Sorts more rows than fit into memory: sorted runs in files, merged. Rows are what JSON can carry; it keeps lone
 * surrogates, which stand for bytes of names that are no text.
 */
export class ExternalSort<T extends object> {
  readonly #folder: string;
  readonly #compare: Compare<T>;
  readonly #mostRows: number;
  #rows: T[] = [];
  #runs: string[] = [];
  #made = 0;

  /** @param folder for the runs; whoever made it removes it */
  constructor(folder: string, compare: Compare<T>, mostRows = MOST_ROWS) {
    this.#folder = folder;
    this.#compare = compare;
    this.#mostRows = mostRows;
  }

  add(row: T): void {
    this.#rows.push(row);
    if (this.#rows.length < this.#mostRows) return;
    this.#spill();
    if (this.#runs.length < MOST_RUNS) return;
    const merged = this.#runs;
    this.#runs = [this.#write(merge(merged.map(readRun<T>), this.#compare))];
    for (const run of merged) rmSync(run);
  }

  /** All rows in order, once. */
  *sorted(): Generator<T> {
    if (this.#runs.length === 0) {
      yield* this.#rows.sort(this.#compare);
      return;
    }
    if (this.#rows.length > 0) this.#spill();
    yield* merge(this.#runs.map(readRun<T>), this.#compare);
  }

  #spill(): void {
    this.#runs.push(this.#write(this.#rows.sort(this.#compare)));
    this.#rows = [];
  }

  #write(rows: Iterable<T>): string {
    const file = new JsonLinesFile(join(this.#folder, `run-${this.#made++}`));
    for (const row of rows) file.add(row);
    file.close();
    return file.path;
  }
}

function readRun<T>(path: string): Generator<T> {
  return readJsonLines<T>(path);
}

/** Merges sorted runs. The runs stand in a heap, the one with the lowest row first. */
export function* merge<T>(runs: readonly Generator<T>[], compare: Compare<T>): Generator<T> {
  const heap: Head<T>[] = [];
  try {
    for (const run of runs) {
      const first = run.next();
      if (first.done !== true) heap.push({ row: first.value, run });
    }
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i, compare);
    while (heap.length > 0) {
      const head = heap[0]!;
      yield head.row;
      const next = head.run.next();
      if (next.done !== true) head.row = next.value;
      else {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      if (heap.length > 0) sink(heap, 0, compare);
    }
  } finally {
    for (const run of runs) run.return(undefined);
  }
}

interface Head<T> {
  row: T;
  readonly run: Generator<T>;
}

function sink<T>(heap: Head<T>[], from: number, compare: Compare<T>): void {
  for (let at = from; ; ) {
    const left = 2 * at + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const less = right < heap.length && compare(heap[right]!.row, heap[left]!.row) < 0 ? right : left;
    if (compare(heap[at]!.row, heap[less]!.row) <= 0) return;
    [heap[at], heap[less]] = [heap[less]!, heap[at]!];
    at = less;
  }
}
