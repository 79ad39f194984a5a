import { Extensions } from '../formats/extensions.ts';
import type { Format } from '../formats/format.ts';
import { Matcher } from '../formats/match.ts';
import { signatures } from '../formats/signatures.ts';
import { formats as builtin } from '../formats/table.ts';

/** A set of formats, made ready to be looked up by bytes and by name. */
export class Catalogue {
  readonly formats: readonly Format[];
  readonly matcher: Matcher;
  readonly extensions: Extensions;

  /** @param formats those that can be verified; the ones known by magic bytes alone are always there */
  constructor(formats: readonly Format[]) {
    const verified = new Set(formats.map(({ id }) => id));
    const known = [...formats, ...signatures.filter(({ id }) => !verified.has(id))];
    this.formats = formats;
    this.matcher = new Matcher(known);
    this.extensions = new Extensions(known);
  }
}

let ofBuiltin: Catalogue | null = null;
const ofOthers = new WeakMap<readonly Format[], Catalogue>();

/** The catalogue of these formats, made once for each list. */
export function catalogueOf(formats: readonly Format[] = builtin): Catalogue {
  if (formats === builtin) {
    ofBuiltin ??= new Catalogue(builtin);
    return ofBuiltin;
  }
  const made = ofOthers.get(formats) ?? new Catalogue(formats);
  ofOthers.set(formats, made);
  return made;
}
