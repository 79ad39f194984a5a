import type { Range } from '../bytes/range.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Examination } from '../examine/examination.ts';
import type { ExamineOptions } from '../examine/examine.ts';

/** What a piece of a file is: a file inside it, a mail message, a run of database pages, a PDF object, a stream of an office file. */
export type ItemKind = 'member' | 'message' | 'pages' | 'object' | 'stream';

/** A piece of a damaged file that is provably as its writer wrote it. */
export interface Item {
  readonly kind: ItemKind;
  /** As the file names it, or as we do where it doesn't. Hostile until made safe. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Where it is stored in the file, in order. */
  readonly ranges: readonly Range[];
  /** What proves it, in words. */
  readonly proof: string;
  /** The shortest random overwrite, in bytes, that the proof would have noticed with a probability of 1 − 10⁻⁶. */
  readonly floor: number;
  /** Its bytes; can be read until `Take` returns. */
  readonly source: ByteSource;
}

/** Takes an item as soon as it's found; false ends the search. */
export type Take = (item: Item) => boolean;

/** The file that is searched. */
export interface Subject {
  readonly source: ByteSource;
  readonly examination: Examination;
  /** With which it was examined; its name, too. */
  readonly options: ExamineOptions;
}

/** Finds items of one kind of file. */
export interface Finder {
  /** Whether the file may have such items. Reads little. */
  suits(subject: Subject): boolean;
  /** @throws OverBudget, ReadError */
  find(subject: Subject, take: Take): void;
}
