import { workerData } from 'node:worker_threads';
import { type HashName, knownGoodOf } from '../baseline/baseline.ts';
import type { Format } from '../formats/format.ts';
import { formats as builtin } from '../formats/table.ts';
import { type Marks, marksWith } from '../signs/marks/marks.ts';
import type { Path } from '../sources/folders/path.ts';
import { relativeTo } from '../sources/folders/relative.ts';
import { BatchReport } from './batch-report.ts';
import { Witness } from './correlation/witness.ts';
import { examineFile, examineStored, type FileOptions, hashFile } from './examine-file.ts';
import { doImageJob } from './images/image-job.ts';
import type { ImageResult, ImageTask } from './images/image-task.ts';
import {
  type CannotBegin,
  type Comparison,
  type Digest,
  type Examined,
  Pulse,
  type Task,
  type TaskResult,
  type WorkerSettings,
} from './task.ts';

/** Made ready once for each worker. */
let marks: Marks | null = null;
const witness = new Witness();

/** Examines a batch: synchronously, since a promise for each file would cost more than a small file itself. */
export async function examineBatch(task: Task): Promise<TaskResult> {
  const pulse = new Pulse(task.pulse);
  const options = await optionsWith(pulse);
  return 'problem' in options ? options : examineAll(task, pulse, options);
}

/** Does something with a disk image: opens, lists, examines. */
export async function workOnImage(task: ImageTask): Promise<ImageResult | CannotBegin> {
  const pulse = new Pulse(task.pulse);
  const options = await optionsWith(pulse);
  return 'problem' in options ? options : doImageJob(task, pulse, options);
}

async function optionsWith(pulse: Pulse): Promise<FileOptions | CannotBegin> {
  const formats = await formatsOnce();
  if (!Array.isArray(formats)) return formats as CannotBegin;
  const { policy, budget, sha256, correlate, families, comparison, keep } = workerData as WorkerSettings;
  marks ??= marksWith(families);
  return {
    policy,
    budget,
    sha256,
    keep,
    marks,
    beat: () => pulse.beat(),
    ...(correlate ? { witness } : {}),
    ...(comparison === null ? {} : { knownGoodOf: compareWith(comparison) }),
    ...(formats === builtin ? {} : { formats }),
  };
}

/** Hashes a batch, without a look at what the bytes are. */
export function hashBatch({ paths, pulse: memory }: Task): Digest[] {
  const pulse = new Pulse(memory);
  return (paths.split('\0') as Path[]).map((path, i) => {
    pulse.begin(i);
    return hashFile(path, () => pulse.beat());
  });
}

function examineAll({ paths: joined, stored }: Task, pulse: Pulse, options: FileOptions): Examined {
  const paths = joined.split('\0') as Path[];
  const report = new BatchReport();
  for (let i = 0; i < paths.length; i++) {
    pulse.begin(i);
    const path = paths[i]!;
    const bytes = stored?.[i];
    report.addFile(
      path,
      bytes === undefined ? examineFile(path, options) : examineStored(path, bytes, options),
    );
  }
  return report.result();
}

function compareWith({ baseline, roots }: Comparison): FileOptions['knownGoodOf'] {
  const relative = relativeTo(roots);
  const names = Object.keys(baseline.hashes) as HashName[];
  return { names, say: (path, digests) => knownGoodOf(baseline, relative(path), digests) };
}

let loaded: Promise<readonly Format[] | CannotBegin> | null = null;

function formatsOnce(): Promise<readonly Format[] | CannotBegin> {
  loaded ??= loadFormats();
  return loaded;
}

async function loadFormats(): Promise<readonly Format[] | CannotBegin> {
  const { plugins } = workerData as WorkerSettings;
  if (plugins.length === 0) return builtin;
  try {
    const modules = await Promise.all(plugins.map(importFormats));
    return [...modules.flat(), ...builtin];
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function importFormats(url: string): Promise<readonly Format[]> {
  const { formats } = (await import(url)) as { formats?: unknown };
  if (Array.isArray(formats)) return formats as Format[];
  throw new Error(`the plug-in ${url} exports no array 'formats'`);
}
