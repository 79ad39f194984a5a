import { Piscina } from 'piscina';
import { unreadFileLine } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import type { FileEntry } from '../sources/folders/entry.ts';
import { folderOf } from '../sources/folders/path.ts';
import { toReportedPath } from '../sources/folders/path-text.ts';
import type { ImageResult, ImageTask } from './images/image-task.ts';
import type { ScanSettings } from './options.ts';
import { StallWatch } from './stall-watch.ts';
import {
  type CannotBegin,
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
export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js',
  import.meta.url,
);

/** A worker that dies before it began a file says nothing about a file. So many times it's tried again. */
const MOST_FALSE_STARTS = 3;

type TaskName = 'examineBatch' | 'hashBatch' | 'workOnImage';
type Answer = TaskResult | Digest[] | ImageResult;

/** A worker died, or hung, at this file of the batch. */
export interface Failed {
  readonly failedAt: number;
  readonly why: string;
}

/** Threads that examine batches. A file that brings its worker down, or to a standstill, costs that file only. */
export class Crew {
  readonly #pool: Piscina<Task | ImageTask, Answer>;
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
    comparison,
    keep,
    patience,
  }: ScanSettings) {
    this.#pool = new Piscina<Task | ImageTask, Answer>({
      filename: workerUrl.href,
      minThreads: workers,
      maxThreads: workers,
      workerData: {
        policy,
        budget,
        plugins,
        families,
        sha256,
        correlate,
        comparison,
        keep,
      } satisfies WorkerSettings,
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
      const outcome = await this.#try<Examined>((pulse) =>
        this.#run(fileTask(files!, pulse), pulse, 'examineBatch'),
      );
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
      return (await this.#run(fileTask(batch, pulse), pulse, 'hashBatch')) as Digest[];
    } catch (error) {
      if (error instanceof CrewError || this.#abort.signal.aborted) throw error;
      const failed = Math.max(0, pulse.begun - 1);
      const [before, after] = [batch.slice(0, failed), batch.slice(failed + 1)];
      const hashed = (files: readonly FileEntry[]) => (files.length === 0 ? [] : this.digest(files));
      return [...(await hashed(before)), { why: this.#whyFailed(error) }, ...(await hashed(after))];
    }
  }

  /** Does something with a disk image; says at which entry it failed if a worker dies of it. @throws CrewError */
  workOnImage(task: Omit<ImageTask, 'pulse'>): Promise<ImageResult | Failed> {
    return this.#try<ImageResult>((pulse) =>
      this.#run({ ...task, pulse: pulse.memory }, pulse, 'workOnImage'),
    );
  }

  /** Ends all threads at once. */
  async dismiss(): Promise<void> {
    this.#watch.stop();
    this.#abort.abort();
    await this.#pool.destroy();
  }

  /** Tries again where a worker dies before it began. @throws CrewError */
  async #try<Result extends object>(run: (pulse: Pulse) => Promise<Answer>): Promise<Result | Failed> {
    for (let falseStarts = 0; ; falseStarts++) {
      const pulse = new Pulse();
      try {
        return begun((await run(pulse)) as Result | CannotBegin);
      } catch (error) {
        if (error instanceof CrewError || this.#abort.signal.aborted) throw error;
        if (pulse.begun > 0) return { failedAt: pulse.begun - 1, why: this.#whyFailed(error) };
        if (falseStarts >= MOST_FALSE_STARTS) throw new CrewError(`no worker could begin: ${String(error)}`);
      }
    }
  }

  async #run(task: Task | ImageTask, pulse: Pulse, name: TaskName): Promise<Answer> {
    const stalled = new AbortController();
    const unwatch = this.#watch.watch(pulse, () => stalled.abort());
    const dismiss = () => stalled.abort();
    this.#abort.signal.addEventListener('abort', dismiss, { once: true });
    try {
      return await this.#pool.run(task, { name, signal: stalled.signal });
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

function begun<Result extends object>(result: Result | CannotBegin): Result {
  if ('problem' in result) throw new CrewError(result.problem);
  return result;
}

function fileTask(files: readonly FileEntry[], pulse: Pulse): Task {
  const stored = files.map((file) => file.stored);
  return {
    paths: files.map(({ path }) => path).join('\0'),
    ...(stored.some((bytes) => bytes !== undefined) ? { stored } : {}),
    pulse: pulse.memory,
  };
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
