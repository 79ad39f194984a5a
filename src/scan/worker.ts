import { workerData } from 'node:worker_threads';
import type { Format } from '../formats/format.ts';
import { formats as builtin } from '../formats/table.ts';
import type { Verdict } from '../ledger/terms.ts';
import type { FileLine } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import { type Marks, marksWith } from '../signs/marks/marks.ts';
import { folderOf, type Path } from '../sources/folders/path.ts';
import type { Fingerprint } from '../verdict/incident/fingerprint.ts';
import { type Testimony, Witness } from './correlation/witness.ts';
import { examineFile, type FileOptions, hashFile } from './examine-file.ts';
import {
  type CannotBegin,
  type Digest,
  type Examined,
  type HeldFile,
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
  const formats = await formatsOnce();
  if (!Array.isArray(formats)) return formats as CannotBegin;
  const pulse = new Pulse(task.pulse);
  const { policy, budget, sha256, correlate } = workerData as WorkerSettings;
  marks ??= marksWith((workerData as WorkerSettings).families);
  return examineAll(task.paths.split('\0') as Path[], pulse, {
    policy,
    budget,
    sha256,
    marks,
    beat: () => pulse.beat(),
    ...(correlate ? { witness } : {}),
    ...(formats === builtin ? {} : { formats }),
  });
}

/** Hashes a batch, without a look at what the bytes are. */
export function hashBatch({ paths, pulse: memory }: Task): Digest[] {
  const pulse = new Pulse(memory);
  return (paths.split('\0') as Path[]).map((path, i) => {
    pulse.begin(i);
    return hashFile(path, () => pulse.beat());
  });
}

function examineAll(paths: readonly Path[], pulse: Pulse, options: FileOptions): Examined {
  const tally = new BatchTally();
  const samples: Fingerprint[] = [];
  const files: HeldFile[] = [];
  let text = '';
  for (let i = 0; i < paths.length; i++) {
    pulse.begin(i);
    const { line, testimony } = examineFile(paths[i]!, options);
    const json = toNdjson(line);
    tally.add(paths[i]!, line);
    if (testimony?.isOpen) files.push(heldFile(paths[i]!, json, testimony));
    else text += json;
    if (testimony?.isOpen === false) samples.push(testimony.fingerprint);
  }
  return { text, ...tally.result(), held: { samples, files } };
}

function heldFile(path: Path, line: string, { fingerprint, scheme }: Testimony): HeldFile {
  return { line, folder: folderOf(path), fingerprint, scheme };
}

/** Counts what the main thread would otherwise have to parse the lines for. */
class BatchTally {
  readonly #counts: Partial<Record<Verdict, number>> = {};
  readonly #unsafe = new Map<string, { folder: string; verdict: Verdict; files: number }>();
  #bytes = 0;

  add(path: Path, { verdict, restore, size }: FileLine): void {
    this.#counts[verdict] = (this.#counts[verdict] ?? 0) + 1;
    this.#bytes += size;
    if (restore !== 'no') return;
    const folder = folderOf(path);
    const key = `${verdict}\0${folder}`;
    const unsafe = this.#unsafe.get(key);
    if (unsafe === undefined) this.#unsafe.set(key, { folder, verdict, files: 1 });
    else unsafe.files++;
  }

  result(): Omit<Examined, 'text' | 'held'> {
    return { counts: this.#counts, bytes: this.#bytes, unsafe: [...this.#unsafe.values()] };
  }
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
