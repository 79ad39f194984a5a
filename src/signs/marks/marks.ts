import { OverBudget } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { ByteMarks } from './bytes.ts';
import table from './families.json' with { type: 'json' };
import type { Family, Mark } from './family.ts';
import { NameMarks } from './names.ts';
import { LONGEST_NOTE, NotePhrases } from './notes.ts';
import { parseFamilies } from './parse.ts';
import { findTails } from './tails.ts';

/** What the search needs to know of the file. */
export interface MarkedFile {
  readonly reader: Reader;
  readonly name: string;
  /** Whether nothing of a format was found, or it's broken, or bytes follow its end: only there marks in bytes count. */
  readonly isWrong: boolean;
  /** Whether the file is text of any kind. */
  readonly isText: boolean;
}

/** The marks of a set of families, made ready to be looked for. */
export class Marks {
  readonly families: readonly Family[];
  readonly #extensions: NameMarks;
  readonly #notes: NameMarks;
  readonly #phrases: NotePhrases;
  readonly #bytes: ByteMarks;

  constructor(families: readonly Family[]) {
    this.families = families;
    this.#extensions = new NameMarks(
      families.flatMap((one) => one.extensions.map((mark) => [one, mark] as const)),
    );
    this.#notes = new NameMarks(families.flatMap((one) => one.notes.map((mark) => [one, mark] as const)));
    this.#phrases = new NotePhrases(families);
    this.#bytes = new ByteMarks(families);
  }

  /** Marks of the name, and of the bytes where something is wrong with them. A used-up budget ends the search. */
  find({ reader, name, isWrong, isText }: MarkedFile): Mark[] {
    const marks = this.#extensions.find(name, 'extension');
    try {
      if (isText) marks.push(...this.#noteMarks(reader, name));
      if (isWrong) marks.push(...this.#bytes.find(reader), ...findTails(reader));
    } catch (error) {
      if (!(error instanceof OverBudget)) throw error;
    }
    return marks;
  }

  #noteMarks(reader: Reader, name: string): Mark[] {
    const names = this.#notes.find(name, 'note-name');
    if (reader.size > LONGEST_NOTE) return [];
    const text = this.#phrases.find(reader.bytes(0, reader.size));
    return text === null ? names : [...names, text];
  }
}

let ready: Marks | null = null;

/** The marks that ship with the program. Made when they're first asked for. */
export function builtinMarks(): Marks {
  ready ??= new Marks(parseFamilies(table));
  return ready;
}

/** The built-in families and the user's own; one of the same `id` replaces the built-in one. */
export function marksWith(own: readonly Family[]): Marks {
  const ids = new Set(own.map(({ id }) => id));
  return new Marks([...builtinMarks().families.filter(({ id }) => !ids.has(id)), ...own]);
}
