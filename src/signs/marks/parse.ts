import { type ByteMark, type Family, type NameMark, type Specificity, specificities } from './family.ts';

/** A table of marks that isn't one, and where. */
export class MarksError extends Error {
  override readonly name = 'MarksError';
  readonly code = 'UNSCATHED_MARKS';
}

const LONGEST_MARK = 512;
const LONGEST_PATTERN = 200;
const FARTHEST = 65_536;

/**
 * Reads a table of families: a list of objects with `id`, `name` and any of `aliases`, `since`, `extensions`, `notes`,
 * `phrases`, `headers`, `trailers`, `layouts`, `sources`.
 * @throws MarksError naming the place
 */
export function parseFamilies(table: unknown): Family[] {
  if (!Array.isArray(table)) fail('the table', 'must be a list of families');
  const families = table.map((row: unknown, i) => parseFamily(row, `family ${i + 1}`));
  const seen = new Set<string>();
  for (const { id } of families) {
    if (seen.has(id)) fail(id, 'stands there twice');
    seen.add(id);
  }
  return families;
}

function parseFamily(row: unknown, place: string): Family {
  const fields = objectAt(row, place);
  const id = textAt(fields.id, `${place}: id`);
  const list = <T>(key: string, parse: (value: unknown, place: string) => T): T[] =>
    listAt(fields[key] ?? [], `${id}: ${key}`).map((value, i) =>
      parse(value, `${id}: ${key}, number ${i + 1}`),
    );
  return {
    id,
    name: textAt(fields.name ?? id, `${id}: name`),
    aliases: list('aliases', textAt),
    since: textAt(fields.since ?? 'unknown', `${id}: since`),
    extensions: list('extensions', parseName),
    notes: list('notes', parseName),
    phrases: list('phrases', parsePhrase),
    headers: list('headers', (value, at) => parseBytes(value, at, 'at')),
    trailers: list('trailers', (value, at) => parseBytes(value, at, 'fromEnd')),
    layouts: list('layouts', textAt),
    sources: list('sources', textAt),
  };
}

function parseName(value: unknown, place: string): NameMark {
  const fields = objectAt(value, place);
  const specificity = (fields.specificity ?? 'distinct') as Specificity;
  if (!specificities.includes(specificity))
    fail(place, `specificity must be one of ${specificities.join(', ')}`);
  if (fields.suffix !== undefined) return { suffix: textAt(fields.suffix, `${place}: suffix`), specificity };
  if (fields.name !== undefined) return { name: textAt(fields.name, `${place}: name`), specificity };
  return { pattern: patternAt(fields.pattern, `${place}: pattern`), specificity };
}

function patternAt(value: unknown, place: string): string {
  const pattern = textAt(value, place);
  if (pattern.length > LONGEST_PATTERN) fail(place, `is longer than ${LONGEST_PATTERN} characters`);
  try {
    new RegExp(pattern, 'i');
  } catch {
    fail(place, 'is no regular expression');
  }
  return pattern;
}

function parsePhrase(value: unknown, place: string): string {
  const phrase = textAt(value, place);
  if (phrase.length < 6) fail(place, 'is too short to tell a note from other text');
  return phrase;
}

function parseBytes(value: unknown, place: string, key: 'at' | 'fromEnd'): ByteMark {
  const fields = objectAt(value, place);
  const hex = textAt(fields.hex, `${place}: hex`);
  if (!/^([0-9a-f]{2})+$/i.test(hex)) fail(place, 'hex must be pairs of hexadecimal digits');
  if (hex.length > 2 * LONGEST_MARK) fail(place, `hex is longer than ${LONGEST_MARK} bytes`);
  const at = numberAt(fields[key], `${place}: ${key}`);
  const within = numberAt(fields.within, `${place}: within`);
  if (at === undefined && within === undefined) fail(place, `needs ${key} or within, in bytes`);
  return {
    hex,
    ...(at === undefined ? {} : { [key]: at }),
    ...(within === undefined ? {} : { within }),
    ...(typeof fields.ascii === 'string' ? { ascii: fields.ascii } : {}),
    ...(typeof fields.note === 'string' ? { note: fields.note } : {}),
  };
}

function numberAt(value: unknown, place: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= FARTHEST) return value;
  return fail(place, `must be a whole number from 0 to ${FARTHEST}`);
}

function textAt(value: unknown, place: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(place, 'must be text');
}

function listAt(value: unknown, place: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(place, 'must be a list');
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return fail(place, 'must be an object');
}

function fail(place: string, why: string): never {
  throw new MarksError(`marks: ${place} ${why}`);
}
