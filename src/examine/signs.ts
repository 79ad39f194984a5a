import { OverBudget } from '../bytes/errors.ts';
import { overlaps, type Range, union } from '../bytes/range.ts';
import { type Reader, WINDOW } from '../bytes/reader.ts';
import type { KnownFormat } from '../formats/format.ts';
import type { Statistics } from '../kernel/statistics.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountByContrast } from '../signs/contrast.ts';
import { longestEmptiness } from '../signs/emptiness.ts';
import { longestKeyable } from '../signs/keyed.ts';
import { findPattern, type Pattern } from '../signs/pattern.ts';
import { findRandomRuns } from '../signs/random-runs.ts';
import { passesForRandom, testRandomness } from '../signs/randomness.ts';
import { accountBySmoothness } from '../signs/smoothness.ts';
import type { Transformation } from '../signs/transformations.ts';
import { findZones, type Zone } from '../signs/zones/zones.ts';
import type { RandomRun, WholeFile } from '../verdict/evidence.ts';
import { findTransformations, UNKNOWN } from './transformations.ts';

export interface Signs {
  readonly wholeFile: WholeFile;
  readonly runs: readonly RandomRun[];
  readonly transformations: readonly Transformation[];
  readonly zones: readonly Zone[];
  readonly pattern: Pattern | null;
  /** The longest run of zeros that nothing demands, in bytes. */
  readonly emptiness: number;
  /** The longest run that contrasts and may yet lie under a repeating key, in bytes. */
  readonly keyable: number;
  /** Why the search ended early; null if it didn't. */
  readonly stopped: string | null;
}

/**
 * Statistics over the bytes that no proof accounts for; contrast is entered into the ledger.
 * @param promised the formats that the name promises
 */
export function gatherSigns(
  reader: Reader,
  ledger: Ledger,
  statistics: Statistics,
  promised: readonly KnownFormat[],
): Signs {
  let runs: readonly RandomRun[] = [];
  let transformations: readonly Transformation[] = [];
  let pattern: Pattern | null = null;
  let emptiness = 0;
  let keyable = 0;
  let stopped: string | null = null;
  try {
    readTheRest(reader, statistics);
    const open = ledger.ranges('unaccounted', 'raw', 'coded');
    accountByContrast(reader, ledger);
    if (ledger.ranges('raw').every(({ by }) => by !== UNKNOWN)) accountBySmoothness(reader, ledger);
    runs = withTails(
      findRandomRuns(reader, ledger.ranges('unaccounted', 'raw', 'coded'), statistics),
      reader,
      ledger,
    );
    transformations = findTransformations(reader, ledger, open, runs, promised);
    pattern = findPattern(reader);
    emptiness = longestEmptiness(reader, ledger);
    keyable = longestKeyable(reader, ledger);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    stopped = error.message;
  }
  // Equal blocks among random ones aren't uniform as a whole.
  const isEven = !transformations.some(({ kind }) => kind === 'repeated-blocks');
  const zones = isEven ? zonesOf(reader, ledger, runs) : [];
  return {
    wholeFile: wholeFileOf(statistics),
    runs,
    transformations,
    zones,
    pattern,
    emptiness,
    keyable,
    stopped,
  };
}

/** They say where, not whether: without them the verdict is the same. */
function zonesOf(reader: Reader, ledger: Ledger, runs: readonly RandomRun[]): readonly Zone[] {
  if (runs.length === 0 || !isSomethingWrong(ledger)) return [];
  try {
    return findZones(reader, union(ledger.ranges('unaccounted', 'raw', 'coded', 'contrast')), runs);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    return [];
  }
}

/** The structure breaks, goes on behind its end, or is none that is known. */
function isSomethingWrong(ledger: Ledger): boolean {
  const { observations } = ledger;
  const isBroken = observations.some(
    ({ kind }) => kind === 'broken' || kind === 'truncated' || kind === 'trailing',
  );
  return isBroken || ledger.ranges('raw').some(({ by }) => by === UNKNOWN);
}

/** Shorter tails have too few bytes to be told from a number or a name. */
const SHORTEST_TAIL = 16;
/** A tail of random bytes is missed with twice this probability. */
const TAIL_P = 1e-4;

/**
 * What stands after a format's own end is tested by itself, however short: nothing of the file is like it, and the key
 * blocks that ransomware appends are often shorter than a run that can be located elsewhere.
 */
function withTails(runs: readonly RandomRun[], reader: Reader, ledger: Ledger): readonly RandomRun[] {
  const tails: RandomRun[] = [];
  for (const observation of ledger.observations) {
    if (observation.kind !== 'trailing' || observation.end - observation.start < SHORTEST_TAIL) continue;
    const { start, end } = observation;
    if (runs.some((run) => overlaps(run, observation)) || isText(reader, observation)) continue;
    const randomness = testRandomness(reader, observation);
    if (passesForRandom(randomness, TAIL_P)) tails.push({ start, end, chiSquare: randomness.x2 });
  }
  return tails.length === 0 ? runs : [...runs, ...tails].sort((a, b) => a.start - b.start);
}

/** Random bytes are all printable with probability (97/256)^16 < 10⁻⁶. */
function isText(reader: Reader, { start, end }: Range): boolean {
  const bytes = reader.bytes(start, Math.min(end - start, WINDOW));
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13);
}

/** Shows the statistics the blocks that no verifier asked for. */
function readTheRest(reader: Reader, statistics: Statistics): void {
  if (statistics.complete) return;
  for (const _ of reader.stream(0, reader.size)) reader.meter.step();
}

export function wholeFileOf({ entropy, chiSquare, printableShare, zeroShare }: Statistics): WholeFile {
  return { entropy, chiSquare, printable: printableShare, zero: zeroShare };
}
