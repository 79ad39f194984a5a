/**
 * How telling a name is: `distinct` and `pattern` belong to one family; the others also to further families, ordinary
 * words, file types or chance, and count only beside another sign.
 */
export const specificities = [
  'distinct',
  'pattern',
  'several-families',
  'shared',
  'ordinary-word-or-type',
  'generic',
  'random',
  'weak',
] as const;
export type Specificity = (typeof specificities)[number];

/** Text at the end of a name (`suffix`, compared without case), a whole name, or a pattern over names. */
export type NameMark =
  | { readonly suffix: string; readonly specificity: Specificity }
  | { readonly name: string; readonly specificity: Specificity }
  | { readonly pattern: string; readonly specificity: Specificity };

/** Bytes that a family writes into the files it encrypts. */
export interface ByteMark {
  readonly hex: string;
  readonly ascii?: string;
  /** Offset from the start, in bytes. */
  readonly at?: number;
  /** The mark begins so many bytes before the end. */
  readonly fromEnd?: number;
  /** Where the place isn't fixed: it's within so many bytes of that end. */
  readonly within?: number;
  readonly note?: string;
}

/** What is known of one family of ransomware, with its sources. */
export interface Family {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Year, or year and month, in which it was first seen. */
  readonly since: string;
  readonly extensions: readonly NameMark[];
  readonly notes: readonly NameMark[];
  /** Phrases of its notes. */
  readonly phrases: readonly string[];
  readonly headers: readonly ByteMark[];
  readonly trailers: readonly ByteMark[];
  /** Layouts, by the numbers of docs/attacks.md. */
  readonly layouts: readonly string[];
  readonly sources: readonly string[];
}

/** A mark that was found in a file or its name. */
export interface Mark {
  readonly kind: 'extension' | 'note-name' | 'note-text' | 'header' | 'trailer' | 'tail';
  /** Names of the families that leave it; empty where it's common to many. */
  readonly families: readonly string[];
  /** What was found, for people. */
  readonly text: string;
  /** Offset in bytes; null for marks of names. */
  readonly at: number | null;
  /** Whether chance and honest software are ruled out: it may decide. Others only confirm. */
  readonly strong: boolean;
}
