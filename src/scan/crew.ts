import { Piscina } from 'piscina';
import { unreadFileLine } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import type { FileEntry } from '../sources/folders/entry.ts';
import { folderOf } from '../sources/folders/path.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';
import type { ScanSettings } from './options.ts';
import { StallWatch } from './stall-watch.ts';
import {
  type Digest,
  type Examined,
  Pulse,
  type Task,
  type TaskResult,
  type WorkerSettings,
} from './task.ts';

/** The workers can't do their work at all: a plug-in that can't be loaded, threads that can't be started. */
export class CrewError extends Error {
  override readonly name = 'CrewError';
  readonly code = 'UNSCATHED_WORKERS';
}

/** Beside the bundle, or in it when the sources themselves are run. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js',
  import.meta.url,
);

/** A worker that dies before it began a file says nothing about a file. So many times it's tried again. */
const MOST_FALSE_STARTS = 3;

/** Threads that examine batches. A file that brings its worker down, or to a standstill, costs that file only. */
export class Crew {
  readonly #pool: Piscina<Task, TaskResult | Digest[]>;
  readonly #watch: StallWatch;
  readonly #patience: number;
  readonly #abort = new AbortController();

  constructor({
    workers,
    heap,
    policy,
    budget,
    plugins,
    families,
    sha256,
    correlate,
    patience,
  }: ScanSettings) {
    this.#pool = new Piscina<Task, TaskResult | Digest[]>({
      filename: workerUrl.href,
      minThreads: workers,
      maxThreads: workers,
      workerData: { policy, budget, plugins, families, sha256, correlate } satisfies WorkerSettings,
      resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: 16 },
      recordTiming: false,
    });
    // A worker that dies between tasks is replaced; nobody's file is lost.
    this.#pool.on('error', () => {});
    this.#watch = new StallWatch(patience);
    this.#patience = patience;
  }

  /** Examines all files of a batch, whatever happens. @throws CrewError */
  async examine(batch: readonly FileEntry[]): Promise<Examined[]> {
    const done: Examined[] = [];
    const left: (readonly FileEntry[])[] = [batch];
    for (let files = left.pop(); files !== undefined; files = left.pop()) {
      const outcome = await this.#tryFiles(files);
      if (!('failedAt' in outcome)) {
        done.push(outcome);
        continue;
      }
      const { failedAt, why } = outcome;
      done.push(unreadFile(files[failedAt]!, why));
      left.push(...[files.slice(failedAt + 1), files.slice(0, failedAt)].filter(({ length }) => length > 0));
    }
    return done;
  }

  /** Hashes all files of a batch, in its order, whatever happens. */
  async digest(batch: readonly FileEntry[]): Promise<Digest[]> {
    const pulse = new Pulse();
    try {
      return (await this.#run(batch, pulse, 'hashBatch')) as Digest[];
    } catch (error) {
      if (error instanceof CrewError || this.#abort.signal.aborted) throw error;
      const failed = Math.max(0, pulse.begun - 1);
      const [before, after] = [batch.slice(0, failed), batch.slice(failed + 1)];
      const hashed = (files: readonly FileEntry[]) => (files.length === 0 ? [] : this.digest(files));
      return [...(await hashed(before)), { why: this.#whyFailed(error) }, ...(await hashed(after))];
    }
  }

  /** Ends all threads at once. */
  async dismiss(): Promise<void> {
    this.#watch.stop();
    this.#abort.abort();
    await this.#pool.destroy();
  }

  async #tryFiles(files: readonly FileEntry[]): Promise<Examined | { failedAt: number; why: string }> {
    for (let falseStarts = 0; ; falseStarts++) {
      const pulse = new Pulse();
      try {
        return begun((await this.#run(files, pulse, 'examineBatch')) as TaskResult);
      } catch (error) {
        if (error instanceof CrewError || this.#abort.signal.aborted) throw error;
        if (pulse.begun > 0) return { failedAt: pulse.begun - 1, why: this.#whyFailed(error) };
        if (falseStarts >= MOST_FALSE_STARTS) throw new CrewError(`no worker could begin: ${String(error)}`);
      }
    }
  }

  async #run(
    files: readonly FileEntry[],
    pulse: Pulse,
    name: 'examineBatch' | 'hashBatch',
  ): Promise<TaskResult | Digest[]> {
    const stalled = new AbortController();
    const unwatch = this.#watch.watch(pulse, () => stalled.abort());
    const dismiss = () => stalled.abort();
    this.#abort.signal.addEventListener('abort', dismiss, { once: true });
    try {
      const paths = files.map(({ path }) => path).join('\0');
      return await this.#pool.run({ paths, pulse: pulse.memory }, { name, signal: stalled.signal });
    } finally {
      unwatch();
      this.#abort.signal.removeEventListener('abort', dismiss);
    }
  }

  #whyFailed(error: unknown): string {
    const { name, code, message } = error as NodeJS.ErrnoException;
    if (name === 'AbortError')
      return `no sign of progress for ${this.#patience / 1000} seconds: examination ended`;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'the examination ran out of memory';
    return `the examination ended its worker: ${message}`;
  }
}

function begun(result: TaskResult): Examined {
  if ('problem' in result) throw new CrewError(result.problem);
  return result;
}

function unreadFile({ path, size, mtimeMs }: FileEntry, why: string): Examined {
  const line = unreadFileLine({ path: toReportedPath(path), modified: new Date(mtimeMs) }, size, why);
  return {
    text: toNdjson(line),
    counts: { unread: 1 },
    bytes: size,
    unsafe: [{ folder: folderOf(path), verdict: 'unread', files: 1 }],
  };
}
