import { once } from 'node:events';
import type { Decision } from '../gate/decision.ts';
import { decisionText, reasonText } from '../gate/decision-text.ts';
import { type GateOptions, gate, gateTar } from '../gate/gate.ts';
import { type ListForm, PathList, toListed, toMember } from '../gate/path-list.ts';
import type { GatedFile } from '../gate/tally.ts';
import { toNdjson } from '../report/ndjson.ts';
import { CacheError } from '../scan/cache/cache-file.ts';
import { CrewError } from '../scan/crew.ts';
import { pathOf } from '../sources/folders/relative.ts';
import { MissingRoot } from '../sources/folders/roots.ts';
import { NoTar } from '../sources/streams/tar-stream.ts';
import { exitCode, OutputError, UsageError } from './exit.ts';
import { openStream } from './input.ts';
import { LineOutput } from './output.ts';
import { type PolicyOptions, policyFrom } from './policy.ts';
import { ProgressLine } from './progress.ts';
import { expectOneSubject, readComparison, type ScanCommandOptions, scanOptions } from './scan.ts';

/** As they were given on the command line. */
export interface GateCommandOptions extends Omit<ScanCommandOptions, 'all'>, PolicyOptions {
  readonly safe?: string;
  readonly held?: string;
  readonly relative?: boolean;
  readonly print0?: boolean;
}

/** Decides over the paths, prints the decision, writes the lists, and returns the exit code. @throws UsageError, OutputError */
export async function runGate(paths: string[], options: GateCommandOptions): Promise<number> {
  const policy = await policyFrom(options);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = new ProgressLine(process.stderr);
  const outputs = new Outputs(options);
  try {
    await outputs.open();
    const decide = await deciderOver(paths, options);
    const decision = await decide({
      ...scanOptions(options),
      ...(await readComparison(options)),
      policy,
      signal: interruption.signal,
      onProgress: (now) => options.quiet !== true && progress.update(now),
      onFile: (file) => outputs.addFile(file),
      onLine: (line) => outputs.addLine(toNdjson(line)),
    });
    progress.clear();
    await outputs.finish();
    print(decision, options);
    return interruption.signal.aborted ? exitCode.interrupted : codeFor(decision);
  } catch (error) {
    throw isWrongUse(error) ? new UsageError(error.message) : error;
  } finally {
    progress.clear();
    await outputs.drop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function deciderOver(
  paths: string[],
  options: GateCommandOptions,
): Promise<(settings: GateOptions) => Promise<Decision>> {
  const { tar } = expectOneSubject(paths, options);
  if (tar === undefined) return (settings) => gate(paths, settings);
  const stream = await openStream(tar);
  return (settings) => gateTar(stream, { ...settings, name: tar });
}

function isWrongUse(error: unknown): error is Error {
  return (
    error instanceof MissingRoot ||
    error instanceof CrewError ||
    error instanceof NoTar ||
    error instanceof CacheError
  );
}

/** The lists and the report that were asked for. */
class Outputs {
  #safe: PathList | null = null;
  #held: PathList | null = null;
  #report: LineOutput | null = null;
  readonly #options: GateCommandOptions;
  readonly #form: ListForm;

  constructor(options: GateCommandOptions) {
    this.#options = options;
    this.#form = options.tar !== undefined && options.relative !== true ? toMember : toListed;
  }

  /** @throws UsageError */
  async open(): Promise<void> {
    const { safe, held, output } = this.#options;
    if (safe !== undefined) this.#safe = await createList(safe, this.#form);
    if (held !== undefined) this.#held = await createList(held, this.#form);
    if (output !== undefined) this.#report = await LineOutput.toFile(output);
  }

  async addLine(line: string): Promise<void> {
    await this.#report?.write(line);
  }

  /** What lies in a disk image has no path that a copying program could take. */
  async addFile(file: GatedFile): Promise<void> {
    if (file.line?.origin !== undefined) return;
    const path = this.#options.relative === true ? file.relative : pathOf(file.path);
    if (file.action === 'accept') {
      await written(this.#options.safe, this.#safe?.add(path));
      if (this.#options.print0 === true && !process.stdout.write(this.#form(path)))
        await once(process.stdout, 'drain');
    } else if (file.action === 'hold' || file.action === 'incomplete') {
      await written(this.#options.held, this.#held?.add(path));
    }
  }

  async finish(): Promise<void> {
    await written(this.#options.safe, this.#safe?.finish());
    await written(this.#options.held, this.#held?.finish());
    await this.#report?.end();
  }

  /** Lists that weren't finished aren't there. */
  async drop(): Promise<void> {
    await this.#safe?.drop();
    await this.#held?.drop();
  }
}

async function createList(path: string, form: ListForm): Promise<PathList> {
  try {
    return await PathList.create(path, form);
  } catch (error) {
    throw new UsageError(`cannot write the list to ${path}: ${(error as Error).message}`);
  }
}

async function written(path: string | undefined, writing: Promise<void> | undefined): Promise<void> {
  try {
    await writing;
  } catch (error) {
    throw new OutputError(path ?? '', error as Error);
  }
}

/** With `--print0` standard output is the list's alone. */
function print(decision: Decision, { json, print0, quiet }: GateCommandOptions): void {
  const stream = print0 === true ? process.stderr : process.stdout;
  if (json === true) stream.write(`${JSON.stringify(decision)}\n`);
  else if (quiet !== true) {
    stream.write(`${decisionText(decision)}\n`);
    if (decision.reasons.length > 1) {
      for (const reason of decision.reasons)
        process.stderr.write(`  ${reason.code}  ${reasonText(reason)}\n`);
    }
  }
}

function codeFor({ decision }: Decision): number {
  if (decision === 'pass') return exitCode.safe;
  return decision === 'hold' ? exitCode.unsafe : exitCode.incomplete;
}
