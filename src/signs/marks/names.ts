import type { Family, Mark, NameMark, Specificity } from './family.ts';

/** Marks of names, made ready for many look-ups. */
export class NameMarks {
  readonly #bySuffix = new Map<string, Entry[]>();
  readonly #byName = new Map<string, Entry[]>();
  readonly #patterns: (Entry & { readonly pattern: RegExp })[] = [];

  constructor(marks: readonly (readonly [Family, NameMark])[]) {
    for (const [{ name: family }, mark] of marks) {
      const entry = { family, specificity: mark.specificity };
      if ('suffix' in mark) add(this.#bySuffix, mark.suffix.toLowerCase(), entry);
      else if ('name' in mark) add(this.#byName, mark.name.toLowerCase(), entry);
      else this.#patterns.push({ ...readEntry(entry, mark.pattern), pattern: new RegExp(mark.pattern, 'i') });
    }
  }

  /** All marks that the name bears: whole name, every ending that begins with a dot or an underscore, patterns. */
  find(name: string, kind: 'extension' | 'note-name'): Mark[] {
    const low = name.toLowerCase();
    const exact = [...(this.#byName.get(low) ?? [])];
    for (let i = 0; i < low.length; i++) exact.push(...(this.#bySuffix.get(low.slice(i)) ?? []));
    const matching = this.#patterns.filter(({ pattern }) => pattern.test(name));
    return joined([...exact, ...matching], name, kind);
  }
}

interface Entry {
  readonly family: string;
  readonly specificity: Specificity;
}

/** A pattern without address or bracket fits honest names, too. */
function readEntry(entry: Entry, pattern: string): Entry {
  return /@|\\[[{(]/.test(pattern) ? entry : { ...entry, specificity: 'generic' };
}

function add(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [entry]);
  else there.push(entry);
}

/** They fit too many names to be told at all. */
const untold: readonly Specificity[] = ['random', 'weak', 'generic'];
const telling: readonly Specificity[] = ['distinct', 'pattern'];

/** What one family alone does outweighs what several do. */
function joined(entries: readonly Entry[], name: string, kind: Mark['kind']): Mark[] {
  const own = entries.filter(({ specificity }) => telling.includes(specificity));
  const told = own.length > 0 ? own : entries.filter(({ specificity }) => !untold.includes(specificity));
  if (told.length === 0) return [];
  const families = [...new Set(told.map(({ family }) => family))];
  return [{ kind, families, text: name, at: null, strong: own.length > 0 }];
}
