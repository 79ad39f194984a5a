import { applyPlan } from '../gate/restore/apply.ts';
import { ApplyError } from '../gate/restore/apply-error.ts';
import type { ApplyEnd, ApplyLine, DoneLine, RefusedLine } from '../gate/restore/apply-line.ts';
import { PlanError } from '../gate/restore/plan-error.ts';
import { toJsonLine } from '../report/ndjson.ts';
import { bytesText, printable } from '../report/text.ts';
import { CrewError } from '../scan/crew.ts';
import { exitCode, UsageError } from './exit.ts';
import { LineOutput } from './output.ts';
import { painterFor } from './paint.ts';

/** As they were given on the command line. */
export interface ApplyCommandOptions {
  readonly to: string;
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly workers?: number;
}

/** Restores by a plan, prints what was done, and returns the exit code. @throws UsageError, OutputError */
export async function runApply(plan: string, options: ApplyCommandOptions): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await apply(plan, options, interruption.signal);
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(`${plan}: ${error.message}`);
    if (error instanceof CrewError) throw new UsageError(error.message);
    if (error instanceof ApplyError && error.begun) return giveUp(error);
    if (error instanceof ApplyError) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).path === plan) throw new UsageError((error as Error).message);
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function giveUp({ message }: ApplyError): number {
  process.stderr.write(
    `unscathed: ${printable(message)}; what was restored is complete: run it again to go on\n`,
  );
  return exitCode.incomplete;
}

async function apply(plan: string, options: ApplyCommandOptions, signal: AbortSignal): Promise<number> {
  const { to, dryRun, replace, workers } = options;
  const output = LineOutput.toStream(process.stdout, 'standard output');
  let end: ApplyEnd | null = null;
  let missing = 0;
  const lines = applyPlan(plan, {
    to,
    dryRun: dryRun === true,
    replace: replace === true,
    ...(workers === undefined ? {} : { workers }),
    signal,
  });
  for await (const line of lines) {
    if (line.type === 'end') end = line;
    if (line.type === 'apply') missing = line.missing;
    const text = options.json === true ? toJsonLine(line) : row(line, options);
    if (text !== '' && !output.closed) await output.write(text);
  }
  if (options.quiet !== true) process.stderr.write(`${summary(end!, missing, dryRun === true)}\n`);
  if (end!.interrupted) return exitCode.interrupted;
  return end!.refused > 0 ? exitCode.unsafe : exitCode.safe;
}

/** In a dry run all is shown; else what was refused, and all with `--all`. */
function row(line: ApplyLine, { dryRun, all, quiet }: ApplyCommandOptions): string {
  if (quiet === true || line.type === 'apply' || line.type === 'end') return '';
  if (line.type === 'done' && dryRun !== true && all !== true) return '';
  const paint = painterFor(process.stdout);
  return line.type === 'done' ? doneRow(line, paint) : refusedRow(line, paint);
}

function doneRow({ what, path, size }: DoneLine, paint: ReturnType<typeof painterFor>): string {
  return `${paint(what.padEnd(13), 'good')}  ${printable(path.text)}  ${paint(bytesText(size), 'faint')}\n`;
}

function refusedRow({ path, why }: RefusedLine, paint: ReturnType<typeof painterFor>): string {
  return `${paint('refused'.padEnd(13), 'bad')}  ${printable(path.text)}  ${paint(printable(why), 'faint')}\n`;
}

function summary(end: ApplyEnd, missing: number, dryRun: boolean): string {
  const { restored, replaced, present, refused, bytes, interrupted } = end;
  return [
    `${restored} ${dryRun ? 'would be ' : ''}restored, ${replaced} ${dryRun ? 'would be ' : ''}replaced (${bytesText(bytes)}), ${present} were there already, ${refused} refused`,
    ...(missing > 0 ? [`${missing} files of the plan have no version that may be restored`] : []),
    ...(interrupted ? ['interrupted: run it again to go on'] : []),
  ].join('\n');
}
