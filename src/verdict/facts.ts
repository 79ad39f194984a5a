import { lengthOf, overlaps, type Range, totalLength } from '../bytes/range.ts';
import type { Format, KnownFormat } from '../formats/format.ts';
import type { Observation } from '../ledger/observation.ts';
import type { State } from '../ledger/segment.ts';
import type { Evidence, Identity, RandomRun } from './evidence.ts';
import type { Policy } from './policy.ts';

type Of<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

/** The evidence, looked at from the side on which the rules ask. */
export interface Facts {
  readonly evidence: Evidence;
  readonly policy: Policy;
  /** In bytes; see `Ledger.floor`. Holds for zeros and repeating keys as well as for random bytes. */
  readonly floor: number;
  readonly totals: Readonly<Record<State, number>>;
  readonly broken: readonly Of<'broken'>[];
  readonly truncated: readonly Of<'truncated'>[];
  readonly trailing: readonly Of<'trailing'>[];
  readonly unexamined: readonly Of<'unexamined'>[];
  readonly protected: readonly Of<'protected'>[];
  /** Random runs where the format allows no byte to be free: unaccounted, not declared raw. */
  readonly strayRuns: readonly RandomRun[];
  /** Random runs inside ranges that the format declares as raw. */
  readonly rawRuns: readonly RandomRun[];
  /** Random runs after the format's own end. */
  readonly trailingRuns: readonly RandomRun[];
  /** The promised type, if all honest files of that name begin in a known way. */
  readonly recognisablePromise: KnownFormat | null;
  /** The promised type, if all types of that extension begin with magic bytes, verified or not. */
  readonly signedPromise: KnownFormat | null;
  /** The promised type, if all types of that extension have magic bytes in the first 64 KiB: file systems, discs. */
  readonly markedPromise: KnownFormat | null;
  /** The promised type, if all types of that extension are kinds of text. */
  readonly textPromise: KnownFormat | null;
  /** Whether a format was found by its content alone: text, or a stream without header. */
  readonly byContent: boolean;
  /** Whether magic bytes were found, or anything but contrast was proved. */
  readonly structureSeen: boolean;
}

export function gatherFacts(evidence: Evidence, policy: Policy): Facts {
  const { ledger, runs, identity } = evidence;
  const of = <K extends Observation['kind']>(kind: K): Of<K>[] =>
    ledger.observations.filter((observation): observation is Of<K> => observation.kind === kind);
  const trailing = of('trailing');
  const raw = ledger.ranges('raw', 'coded');
  const isTrailing = (run: RandomRun) => trailing.some((range) => overlaps(range, run));
  const isRaw = (run: RandomRun) => raw.some((range) => overlaps(range, run));
  const totals = ledger.totals();
  return {
    evidence,
    policy,
    floor: Math.max(ledger.floor(), evidence.emptiness + 1, (evidence.keyable ?? 0) + 1),
    totals,
    broken: of('broken'),
    truncated: of('truncated'),
    trailing,
    unexamined: of('unexamined'),
    protected: of('protected'),
    strayRuns: runs.filter((run) => !isTrailing(run) && !isRaw(run)),
    rawRuns: runs.filter((run) => !isTrailing(run) && isRaw(run)),
    trailingRuns: runs.filter(isTrailing),
    recognisablePromise: bindingPromise(identity),
    signedPromise: promiseOfMagic(identity, HEAD),
    markedPromise: promiseOfMagic(identity, FAR_HEAD),
    textPromise: textPromise(identity),
    byContent: identity.verifier !== null && identity.verifier.signatures.length === 0,
    structureSeen:
      identity.magic !== null || totals.checksum + totals.decoder + totals.grammar + totals.structure > 0,
  };
}

/** Bytes of the file that no proof at all speaks for. */
export function unprovedBytes({ totals }: Facts): number {
  return totals.unaccounted + totals.raw + totals.coded;
}

export function longest(runs: readonly Range[]): number {
  return runs.reduce((most, run) => Math.max(most, lengthOf(run)), 0);
}

/** Share of the file, 0–1, that lies in random runs. */
export function randomShare({ evidence }: Facts): number {
  return evidence.size === 0 ? 0 : totalLength(evidence.runs) / evidence.size;
}

/**
 * Extensions that many programs use for files of their own: they promise nothing that could be broken. ZPAQ archives
 * under a password begin with a salt, files of ccrypt are random throughout, and so are images of encrypted disks.
 */
const vague = new Set([
  '',
  'aes',
  'bin',
  'dat',
  'cpt',
  'data',
  'db',
  'dd',
  'dump',
  'enc',
  'img',
  'key',
  'raw',
  'save',
  'scr',
  'tmp',
  'zpaq',
]);

/** Types known by magic bytes alone bind no name: other types may share the extension. */
function bindingPromise({ promised, extension }: Identity): KnownFormat | null {
  if (vague.has(extension)) return null;
  return promised.find((format) => isVerifiable(format) && beginsInAKnownWay(format)) ?? null;
}

function promiseOfMagic({ promised, extension }: Identity, within: number): KnownFormat | null {
  if (vague.has(extension)) return null;
  return promised.every((format) => hasMagic(format, within)) ? (promised[0] ?? null) : null;
}

function textPromise({ promised, extension }: Identity): KnownFormat | null {
  if (vague.has(extension)) return null;
  const isText = (format: KnownFormat) =>
    isVerifiable(format) && format.texture === 'plain' && format.signatures.length === 0;
  return promised.every(isText) ? (promised[0] ?? null) : null;
}

/** The mark of a tar archive stands at byte 257; further in, magic bytes belong to file systems, whose head is free. */
const HEAD = 512;
/** Those of discs stand behind 32 KiB. */
const FAR_HEAD = 1 << 16;

function hasMagic({ signatures }: KnownFormat, within: number): boolean {
  return signatures.some(({ at }) => at >= 0 && at < within);
}

/** What is recognised by its content alone must look like something: honest raw deflate begins as random as ciphertext. */
function beginsInAKnownWay(format: Format): boolean {
  return hasMagic(format, HEAD) || (format.recognise !== undefined && format.texture === 'plain');
}

function isVerifiable(format: KnownFormat): format is Format {
  return 'verify' in format;
}
