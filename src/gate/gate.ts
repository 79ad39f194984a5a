import type { ReportLine } from '../report/line.ts';
import type { ScanOptions } from '../scan/options.ts';
import { scan } from '../scan/scan.ts';
import { scanTar, type TarScanOptions } from '../scan/scan-tar.ts';
import type { Path } from '../sources/folders/path.ts';
import { relativeTo, rootsOf } from '../sources/folders/relative.ts';
import { findRoots, type RootPath } from '../sources/folders/roots.ts';
import type { Decision } from './decision.ts';
import { defaultGatePolicy, type GatePolicy } from './policy.ts';
import { type GatedFile, GateTally } from './tally.ts';

export interface GateOptions extends Omit<ScanOptions, 'policy'> {
  /** What the policy leaves out is as in `defaultGatePolicy`. */
  readonly policy?: Partial<GatePolicy>;
  /** Called for each file with what becomes of it; the gate waits for it. */
  readonly onFile?: (file: GatedFile) => Promise<void> | void;
  /** Called for each line of the report that the gate decides on; it waits for it. */
  readonly onLine?: (line: ReportLine) => Promise<void> | void;
}

export type TarGateOptions = Omit<GateOptions, 'since' | 'images' | 'deleted' | 'hit' | 'crossMounts'> &
  Pick<TarScanOptions, 'name' | 'spool'>;

/**
 * Examines all files under the roots, and decides whether they may go back.
 *
 * ```ts
 * const { decision, reasons } = await gate(['/mnt/backup/latest'], { policy: { canaries: [{ path: 'canary.docx' }] } });
 * if (decision !== 'pass') throw new Error(reasons.map(({ text }) => text).join('; '));
 * ```
 *
 * When `signal` is aborted, or the time of `limits.seconds` is over, the decision is `incomplete` at best.
 * @throws MissingRoot, CrewError, RangeError
 */
export async function gate(roots: readonly RootPath[], options: GateOptions = {}): Promise<Decision> {
  const policy = settlePolicy(options.policy);
  const found = await findRoots(roots);
  const ending = endingAfter(policy.limits.seconds, options.signal);
  const lines = scan(roots, { ...options, ...scanOptionsFor(policy, options), signal: ending });
  return decide(untilAborted(lines, ending), policy, { ...options, roots: found.map(({ path }) => path) });
}

/**
 * The same over a tar archive while its bytes come by, as from `restic dump -a tar` or `borg export-tar`.
 * @throws NoTar, CrewError, RangeError, what the stream throws
 */
export async function gateTar(
  stream: AsyncIterable<Uint8Array>,
  options: TarGateOptions = {},
): Promise<Decision> {
  const policy = settlePolicy(options.policy);
  const ending = endingAfter(policy.limits.seconds, options.signal);
  const lines = scanTar(stream, { ...options, ...scanOptionsFor(policy, options), signal: ending });
  return decide(untilAborted(lines, ending), policy, { ...options, roots: [] });
}

/** What `decide` needs beside lines and policy. */
export interface DecideOptions extends Pick<GateOptions, 'onFile' | 'onLine'> {
  /** What paths are relative to; taken from the report's first line by default. */
  readonly roots?: readonly Path[];
}

/** Decides over a report, as it comes or as it was written. A report without its end is incomplete. */
export async function decide(
  lines: AsyncIterable<ReportLine>,
  policy: GatePolicy,
  { roots, onFile, onLine }: DecideOptions = {},
): Promise<Decision> {
  let tally = new GateTally(policy, relativeTo(roots ?? []));
  for await (const line of lines) {
    if (line.type === 'scan' && roots === undefined) tally = new GateTally(policy, relativeTo(rootsOf(line)));
    const file = tally.take(line);
    await onLine?.(line);
    if (file !== null) await onFile?.(file);
  }
  return tally.decide();
}

/** The whole policy. */
export function settlePolicy(given: Partial<GatePolicy> = {}): GatePolicy {
  return { ...defaultGatePolicy, ...given };
}

/** What the policy asks of the scan. A link to examined bytes is a name of its own here: it's restored as one. */
export function scanOptionsFor(policy: GatePolicy, { budget, sha256 }: GateOptions): Partial<ScanOptions> {
  const { secondsPerFile, depth } = policy.limits;
  return {
    policy: { floor: policy.floor },
    budget: { milliseconds: secondsPerFile * 1000, depth, ...budget },
    sha256: sha256 === true || policy.canaries.some((canary) => canary.sha256 !== undefined),
    everyName: true,
    // A disk image goes back as the file that it is.
    images: false,
  };
}

/** A signal that is aborted with the other one, or after so many seconds. */
export function endingAfter(seconds: number, signal: AbortSignal | undefined): AbortSignal {
  const limits = [
    ...(signal === undefined ? [] : [signal]),
    ...(Number.isFinite(seconds) ? [AbortSignal.timeout(Math.min(seconds * 1000, 2 ** 31 - 1))] : []),
  ];
  return AbortSignal.any(limits);
}

/** Ends where the scan was ended: its last line says so. */
export async function* untilAborted(
  lines: AsyncIterable<ReportLine>,
  signal: AbortSignal,
): AsyncGenerator<ReportLine> {
  try {
    yield* lines;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
