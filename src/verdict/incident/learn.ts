import { chanceOfSharing, FALSE_ALARM } from './chance.ts';
import { type Fingerprint, isHit } from './fingerprint.ts';
import type { IncidentMark, Shared } from './mark.ts';
import { type End, findSharedBytes, LEAST_KINDS, runsOf } from './shared-bytes.ts';

/** Marks that are kept, most widely shared first. */
const MOST_MARKS = 32;
/** Files of at least so many kinds must have been given the same new extension. */
const LEAST_RENAMED = 5;
/** A mark that so many sound files have, by share of the files that were hit and have it, is none. */
const SOUND_SHARE = 0.02;

/**
 * How often files of two kinds that have nothing to do with each other agree, at most, and the chance that is taken. A
 * number equals the size, at any of 1,024 places for any of as many lengths, with 2⁻⁴⁴, a sum of 32 bits with 2⁻³². That
 * honest tails and random stretches have one length with 2⁻⁸ is assumed, not measured: they only ever raise files whose
 * content shows ciphertext by itself.
 */
const values = {
  'tail-check': { agree: 2 ** -32, alarm: FALSE_ALARM },
  'tail-length': { agree: 2 ** -8, alarm: 1e-6 },
  layout: { agree: 2 ** -8, alarm: 1e-6 },
} as const;
type ValueKind = keyof typeof values;

/**
 * What the files that were hit have in common across kinds of files, and sound files have not. Formats have habits of
 * their own, so that a mark must be shared by files of at least three kinds; types that begin alike are one.
 * The order of the files doesn't matter.
 */
export function learnMarks(files: readonly Fingerprint[], sound: readonly Fingerprint[]): IncidentMark[] {
  const hit = withoutCopies(files.filter(isHit));
  const marks = [
    ...learnBytes(hit, sound, 'tail-bytes'),
    ...learnBytes(
      hit.filter(({ hasMagic }) => !hasMagic),
      sound,
      'head-bytes',
    ),
    ...learnValues(hit, sound, 'tail-check', ({ tailCheck }) => tailCheck),
    ...learnValues(hit, sound, 'tail-length', ({ tailLength }) => tailLength),
    ...learnValues(hit, sound, 'layout', ({ layout }) => layout),
    ...learnExtensions(hit, sound),
  ];
  return marks.toSorted(byWeight).slice(0, MOST_MARKS);
}

/** The same bytes under several names are one witness. In order, so that what's learnt doesn't hang on who came first. */
function withoutCopies(files: readonly Fingerprint[]): Fingerprint[] {
  const seen = new Map<string, Fingerprint>();
  for (const file of files.toSorted((a, b) => a.order - b.order)) {
    const key = `${file.size}\0${file.tail}\0${file.head}`;
    if (!seen.has(key)) seen.set(key, file);
  }
  return [...seen.values()];
}

function learnBytes(
  hit: readonly Fingerprint[],
  sound: readonly Fingerprint[],
  kind: 'tail-bytes' | 'head-bytes',
): IncidentMark[] {
  const isTail = kind === 'tail-bytes';
  const ends = hit.map((file) => endOf(file, isTail));
  const others = sound.map((file) => endOf(file, isTail));
  return findSharedBytes(ends, others, isTail).map((pattern) => ({
    kind,
    bytes: runsOf(pattern, isTail),
    files: pattern.files,
    compared: hit.length,
    kinds: pattern.kinds,
    chance: pattern.chance,
  }));
}

function endOf({ head, tail, kind }: Fingerprint, isTail: boolean): End {
  const bytes = Buffer.from(isTail ? tail : head, 'latin1');
  return { bytes: isTail ? bytes.reverse() : bytes, kind };
}

interface Group {
  readonly files: Fingerprint[];
  readonly kinds: Set<string>;
}

function groupBy<Value>(
  files: readonly Fingerprint[],
  read: (file: Fingerprint) => Value | null,
): Map<Value, Group> {
  const groups = new Map<Value, Group>();
  for (const file of files) {
    const value = read(file);
    if (value === null) continue;
    const group = groups.get(value) ?? { files: [], kinds: new Set<string>() };
    group.files.push(file);
    if (file.kind !== '') group.kinds.add(file.kind);
    groups.set(value, group);
  }
  return groups;
}

/**
 * Values that as many kinds of files share as chance doesn't allow. Files of one kind may owe a value to their writer: a
 * kind counts once, among all kinds that have any such value.
 */
function learnValues<Value extends string | number>(
  hit: readonly Fingerprint[],
  sound: readonly Fingerprint[],
  kind: ValueKind,
  read: (file: Fingerprint) => Value | null,
): IncidentMark[] {
  const groups = groupBy(hit, read);
  const all = new Set([...groups.values()].flatMap(({ kinds }) => [...kinds])).size;
  return [...groups].flatMap(([value, { files, kinds }]) => {
    const chance = chanceOfSharing(all, kinds.size, values[kind].agree, 1);
    if (kinds.size < LEAST_KINDS || chance > values[kind].alarm) return [];
    if (isCommon(sound, files.length, (file) => read(file) === value)) return [];
    const counts = { files: files.length, compared: hit.length, kinds: kinds.size, chance };
    return [{ ...sharedValue(kind, value), ...counts }];
  });
}

function sharedValue(kind: ValueKind, value: string | number): Shared {
  if (kind === 'tail-length') return { kind, length: Number(value) };
  return kind === 'layout' ? { kind, layout: String(value) } : { kind, check: String(value) };
}

/** No law of chance applies to names: files of three kinds with content of ciphertext, renamed alike, are the evidence. */
function learnExtensions(hit: readonly Fingerprint[], sound: readonly Fingerprint[]): IncidentMark[] {
  const groups = groupBy(hit, ({ newExtension, kind }) =>
    newExtension === '' || kind === '' ? null : newExtension,
  );
  return [...groups].flatMap(([extension, { files, kinds }]) => {
    if (files.length < LEAST_RENAMED || kinds.size < LEAST_KINDS) return [];
    if (isCommon(sound, files.length, (file) => file.newExtension === extension)) return [];
    const counts = { files: files.length, compared: hit.length, kinds: kinds.size, chance: null };
    return [{ kind: 'extension', extension, ...counts }];
  });
}

function isCommon(
  sound: readonly Fingerprint[],
  files: number,
  has: (file: Fingerprint) => boolean,
): boolean {
  return sound.filter(has).length > SOUND_SHARE * files;
}

function byWeight(a: IncidentMark, b: IncidentMark): number {
  return b.files - a.files || b.kinds - a.kinds || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
