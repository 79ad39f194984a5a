import type { Family, Mark, NameMark, Specificity } from './family.ts';

/** Marks of names, made ready for many look-ups. */
export class NameMarks {
  readonly #bySuffix = new Map<string, Entry[]>();
  readonly #byName = new Map<string, Entry[]>();
  /** Characters with which suffixes begin. */
  readonly #firsts = new Set<string>();
  readonly #patterns: (Entry & { readonly pattern: RegExp })[] = [];

  constructor(marks: readonly (readonly [Family, NameMark])[]) {
    for (const [{ name: family }, mark] of marks) {
      const entry = { family, specificity: mark.specificity };
      if ('suffix' in mark) this.#addSuffix(mark.suffix.toLowerCase(), entry);
      else if ('name' in mark) add(this.#byName, mark.name.toLowerCase(), entry);
      else if (isTelling(mark.pattern))
        this.#patterns.push({ ...entry, pattern: new RegExp(mark.pattern, 'i') });
    }
  }

  /** All marks that the name bears: whole name, every ending that is a suffix, patterns. */
  find(name: string, kind: 'extension' | 'note-name'): Mark[] {
    const low = name.toLowerCase();
    const found = [...(this.#byName.get(low) ?? [])];
    for (let i = 0; i < low.length; i++) {
      if (this.#firsts.has(low[i]!)) found.push(...(this.#bySuffix.get(low.slice(i)) ?? []));
    }
    if (ADDRESS.test(name)) found.push(...this.#patterns.filter(({ pattern }) => pattern.test(name)));
    return joined(found, name, kind);
  }

  #addSuffix(suffix: string, entry: Entry): void {
    add(this.#bySuffix, suffix, entry);
    this.#firsts.add(suffix[0]!);
  }
}

interface Entry {
  readonly family: string;
  readonly specificity: Specificity;
}

/** A name without address or bracket may be an honest one, whatever pattern it fits. */
const ADDRESS = /[@[{(]/;

function isTelling(pattern: string): boolean {
  return /@|\\[[{(]/.test(pattern);
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
  if (entries.length === 0) return [];
  const own = entries.filter(({ specificity }) => telling.includes(specificity));
  const told = own.length > 0 ? own : entries.filter(({ specificity }) => !untold.includes(specificity));
  if (told.length === 0) return [];
  const families = [...new Set(told.map(({ family }) => family))];
  return [{ kind, families, text: name, at: null, strong: own.length > 0 }];
}
