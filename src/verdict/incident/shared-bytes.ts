import { chanceOfSharing, FALSE_ALARM } from './chance.ts';
import type { SharedBytes } from './mark.ts';

/** A file's bytes from one of its ends inwards: byte 0 is the one nearest to that end. */
export interface End {
  readonly bytes: Uint8Array;
  readonly kind: string;
}

/** Bytes that many files share, and how many kinds of files they are of. */
export interface Pattern {
  /** From the end inwards: distance to value. */
  readonly bytes: ReadonlyMap<number, number>;
  readonly files: number;
  readonly kinds: number;
  readonly chance: number;
}

/** Bytes that are looked at together. */
const GRAM = 4;
/**
 * Two ciphertexts agree in 4 bytes with 2⁻³²; honest bytes without fillers more often, and words of texts yet more often
 * (measured over the corpus: nothing is learnt from it were all its genuine files hit).
 */
const AGREE = 2 ** -24;
const AGREE_TEXT = 2 ** -12;
const LEAST_FILES = 4;
/** What honest formats of different kinds have in common, they have in common with two others at most. */
export const LEAST_KINDS = 3;
/** Values with which honest files of any kind end or begin. */
const fillers = new Set([0x00, 0xff, 0x20, 0x0a, 0x0d, 0x30]);
/** Ends that honest formats of several kinds share. */
const customary = [
  'PK\x05\x06',
  'PK\x06\x06',
  'PK\x06\x07',
  'APETAGEX\xd0\x07\x00\x00',
  'LYRICS200',
  'TRUEVISION-XFILE',
  'IEND\xae\x42\x60\x82',
  '%%EOF',
  '</html>',
  '</svg>',
  'startxref',
].map((text) => Buffer.from(text, 'latin1'));

/** Words of 4 bytes at one place, and the files that have them. */
interface Found {
  readonly place: number;
  readonly gram: number;
  readonly holders: readonly number[];
  readonly chance: number;
}

/**
 * Finds what files of at least three kinds share at a fixed distance from one of their ends, more often than chance allows
 * (`chanceOfSharing`), and files that are sound don't.
 * @param inwards whether the bytes were turned round, as those of tails are
 */
export function findSharedBytes(ends: readonly End[], sound: readonly End[], inwards: boolean): Pattern[] {
  const places = Math.max(0, ...ends.map(({ bytes }) => bytes.length - GRAM + 1));
  const found: Found[] = [];
  for (let place = 0; place < places; place++)
    found.push(...foundAt(place, ends, sound, { places, inwards }));
  return withoutParts(joinSupports(found, ends));
}

interface Search {
  readonly places: number;
  readonly inwards: boolean;
}

function foundAt(
  place: number,
  ends: readonly End[],
  sound: readonly End[],
  { places, inwards }: Search,
): Found[] {
  const counts = new Map<number, number>();
  let files = 0;
  for (const { bytes } of ends) {
    if (place + GRAM > bytes.length) continue;
    files++;
    const gram = gramAt(bytes, place);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  const found: Found[] = [];
  for (const [gram, count] of counts) {
    if (count < LEAST_FILES || isFiller(gram) || isCustomary(gram, inwards)) continue;
    const chance = chanceOfSharing(files, count, agreement(gram, place, sound), places);
    if (chance > FALSE_ALARM) continue;
    const holders = ends.flatMap(({ bytes }, i) =>
      place + GRAM <= bytes.length && gramAt(bytes, place) === gram ? [i] : [],
    );
    if (kindsOf(holders, ends) >= LEAST_KINDS) found.push({ place, gram, holders, chance });
  }
  return found;
}

/** How often an independent file has the gram there: told by the sound files wherever it could be honest. */
function agreement(gram: number, place: number, sound: readonly End[]): number {
  const having = sound.filter(
    ({ bytes }) => place + GRAM <= bytes.length && gramAt(bytes, place) === gram,
  ).length;
  if (having > 0 || !isRare(gram)) return (having + 1) / (sound.length + 1);
  return isText(gram) ? AGREE_TEXT : AGREE;
}

function gramAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function bytesOf(gram: number): number[] {
  return [gram >>> 24, (gram >>> 16) & 0xff, (gram >>> 8) & 0xff, gram & 0xff];
}

function isRare(gram: number): boolean {
  const bytes = bytesOf(gram);
  return new Set(bytes).size >= 3 && bytes.every((byte) => !fillers.has(byte));
}

function isText(gram: number): boolean {
  return bytesOf(gram).every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Zeros with hardly anything among them: databases, tapes and office files end so, whatever the sound files do. */
function isFiller(gram: number): boolean {
  return new Set(bytesOf(gram).filter((byte) => !fillers.has(byte))).size < 2;
}

function isCustomary(gram: number, inwards: boolean): boolean {
  const bytes = Buffer.from(inwards ? bytesOf(gram).reverse() : bytesOf(gram));
  return customary.some((text) => text.includes(bytes));
}

function kindsOf(holders: readonly number[], ends: readonly End[]): number {
  return new Set(holders.map((i) => ends[i]!.kind).filter((kind) => kind !== '')).size;
}

/** Grams that the same files have are one pattern. */
function joinSupports(found: readonly Found[], ends: readonly End[]): (Pattern & { holders: Set<number> })[] {
  const bySupport = new Map<string, Found[]>();
  for (const one of found) {
    const key = one.holders.join();
    const there = bySupport.get(key);
    if (there === undefined) bySupport.set(key, [one]);
    else there.push(one);
  }
  return [...bySupport.values()].map((grams) => ({
    bytes: new Map(
      grams.flatMap(({ place, gram }) =>
        bytesOf(gram).map((value, i): [number, number] => [place + i, value]),
      ),
    ),
    files: grams[0]!.holders.length,
    kinds: kindsOf(grams[0]!.holders, ends),
    chance: Math.min(...grams.map(({ chance }) => chance)),
    holders: new Set(grams[0]!.holders),
  }));
}

/** A pattern whose files all have another, held by more of them, says nothing more. Most widely shared first. */
function withoutParts(patterns: readonly (Pattern & { holders: Set<number> })[]): Pattern[] {
  const kept: (Pattern & { holders: Set<number> })[] = [];
  for (const pattern of patterns.toSorted((a, b) => b.files - a.files || b.bytes.size - a.bytes.size)) {
    if (!kept.some(({ holders }) => [...pattern.holders].every((i) => holders.has(i)))) kept.push(pattern);
  }
  return kept;
}

/** The pattern's bytes in the order of the file, in runs. */
export function runsOf({ bytes }: Pattern, inwards: boolean): SharedBytes[] {
  const places = [...bytes.keys()].sort((a, b) => (inwards ? b - a : a - b));
  const runs: { at: number; values: number[] }[] = [];
  let previous = Number.NaN;
  for (const place of places) {
    if (Math.abs(place - previous) === 1) runs.at(-1)!.values.push(bytes.get(place)!);
    else runs.push({ at: inwards ? place + 1 : place, values: [bytes.get(place)!] });
    previous = place;
  }
  return runs.map(({ at, values }) => ({ at, hex: Buffer.from(values).toString('hex') }));
}
