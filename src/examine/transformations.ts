import { complement, intersection, lengthOf, type Range, union } from '../bytes/range.ts';
import { type Reader, WINDOW } from '../bytes/reader.ts';
import type { KnownFormat, Signature } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Segment } from '../ledger/segment.ts';
import { followCipherBlocks } from '../signs/cipher-blocks.ts';
import { findFineStripes } from '../signs/fine-stripes.ts';
import { findRepeatingXor } from '../signs/repeating-xor.ts';
import { findShiftedPlaces } from '../signs/shifted-places.ts';
import { explainMore } from '../signs/stripes-gain.ts';
import { findTransformation, type Transformation } from '../signs/transformations.ts';

/** What the ledger says of a file of which nothing is known. */
export const UNKNOWN = 'unknown type';

/** Ranges that are looked at for transformations, the longest first. */
const MOST_RANGES = 8;
const LEAST_RANGE = 512;
/** Shorter raw data have too few bytes to tell a key from what they are. */
const LEAST_RAW = 1024;

/**
 * What ciphers leave whose output isn't random throughout. Most is looked for only where something is wrong: where the
 * format is broken, or nothing of any format was found; a key over raw data shows anywhere.
 * @param open what no proof accounts for, before contrast was entered
 * @param promised the formats that the name promises
 */
export function findTransformations(
  reader: Reader,
  ledger: Ledger,
  open: readonly Segment[],
  runs: readonly Range[],
  promised: readonly KnownFormat[],
): Transformation[] {
  const striped = findStripesAtBreak(reader, ledger, runs);
  if (striped !== null) return [striped];
  const isWrong = ledger.observations.some(({ kind }) => kind === 'broken' || kind === 'truncated');
  // What a format declares as raw may be striped or repeat by right.
  const lost = open.filter(({ state, by }) => by === UNKNOWN || (isWrong && state === 'unaccounted'));
  const parts = withoutRuns(lost, runs)
    .filter((range) => lengthOf(range) >= LEAST_RANGE)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, MOST_RANGES);
  const key = lost[0]?.start === 0 ? findKeyFromHead(reader, promised) : null;
  if (key !== null) return union(lost).map((range) => ({ ...key, ...range }));
  const found = findInParts(reader, parts).filter(
    (candidate) => candidate.kind !== 'stripes' || explainMore(reader, candidate, runs),
  );
  return found.length > 0 ? found : findKeyOverRaw(reader, ledger);
}

const KEYED_BYTES = 1 << 16;

/** The key under which the file begins as its name promises, or is text, whatever of it is random by itself. */
function findKeyFromHead(reader: Reader, promised: readonly KnownFormat[]): Transformation | null {
  const bytes = reader.copy(0, Math.min(reader.size, KEYED_BYTES));
  const found = findRepeatingXor(bytes, {
    heads: headsOf(promised),
    recognises: (plain) => promised.some((format) => beginsAs(format, plain)),
  });
  return found && { kind: 'repeating-key', start: 0, end: reader.size, period: found.period, by: found.by };
}

/** Magic bytes at any place that chance doesn't hit. */
function beginsAs({ signatures }: KnownFormat, bytes: Uint8Array): boolean {
  return signatures.some(
    (signature) => signature.at >= 0 && signature.hex.length >= 2 * LEAST_MAGIC && matches(signature, bytes),
  );
}

const LEAST_MAGIC = 4;

function matches({ at, hex, mask }: Signature, bytes: Uint8Array): boolean {
  const wanted = Buffer.from(hex, 'hex');
  const bits = mask === undefined ? null : Buffer.from(mask, 'hex');
  if (at + wanted.length > bytes.length) return false;
  return wanted.every((byte, i) => ((bytes[at + i]! ^ byte) & (bits?.[i] ?? 0xff)) === 0);
}

function findInParts(reader: Reader, parts: readonly Range[]): Transformation[] {
  const found = parts.flatMap(({ start, end }) => {
    const bytes = reader.copy(start, Math.min(end - start, WINDOW / 4));
    const transformation = findTransformation(bytes, start);
    return transformation === null ? [] : [{ ...transformation, end }];
  });
  const [first] = found;
  if (first?.kind === 'repeated-blocks') return followBlocks(reader, union(parts), first);
  return found;
}

function followBlocks(
  reader: Reader,
  parts: readonly Range[],
  found: Transformation & { readonly kind: 'repeated-blocks' },
): Transformation[] {
  if (found.blockSize !== 16) return [found];
  const ranges = parts.flatMap((part) => followCipherBlocks(reader, part, found.start % 16));
  return ranges.length === 0 ? [found] : ranges.map((range) => ({ ...found, ...range }));
}

/** A range that contrast alone speaks for, or nothing: the longest one. */
function findKeyOverRaw(reader: Reader, ledger: Ledger): Transformation[] {
  const [longest] = ledger
    .ranges('contrast', 'raw', 'unaccounted')
    .filter((range) => lengthOf(range) >= LEAST_RAW)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (longest === undefined) return [];
  const { start, end } = longest;
  const found = findShiftedPlaces(reader.bytes(start, Math.min(end - start, WINDOW / 4), 'raw data'), start);
  return found === null ? [] : [{ kind: 'repeating-key', start, end, period: found.period, by: 'places' }];
}

function findStripesAtBreak(
  reader: Reader,
  { observations }: Ledger,
  runs: readonly Range[],
): Transformation | null {
  const broken = observations.find(({ kind }) => kind === 'broken');
  if (broken?.kind !== 'broken' || broken.at >= reader.size) return null;
  const stripes = findFineStripes(reader, broken.at);
  if (stripes === null || !explainMore(reader, stripes, runs)) return null;
  return { kind: 'stripes', ...stripes };
}

/** What files of these formats begin with. */
function headsOf(formats: readonly KnownFormat[]): Buffer[] {
  return formats.flatMap(({ signatures }) =>
    signatures
      .filter(({ at, mask }) => at === 0 && mask === undefined)
      .map(({ hex }) => Buffer.from(hex, 'hex')),
  );
}

/** What of the ranges lies outside of random runs. */
function withoutRuns(open: readonly Range[], runs: readonly Range[]): Range[] {
  return open.flatMap((range) => complement(intersection(union(runs), [range]), range));
}
