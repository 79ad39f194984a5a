import micromatch from 'micromatch';
import type { Path } from './path.ts';

/**
 * Which files are wanted, as globs relative to the root, `/` between segments. A pattern without `/` is compared with
 * names at any depth. A folder that `exclude` names is left out with all that is in it.
 */
export interface Globs {
  /** All files, by default. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

export interface Selection {
  /** Whether a file of this path, relative to its root, is wanted. */
  wantsFile(path: Path): boolean;
  /** Whether a wanted file may lie in this folder. */
  mayHold(folder: Path): boolean;
}

const everything: Selection = { wantsFile: () => true, mayHold: () => true };

const globbing = { dot: true, posixSlashes: false } as const;

export function select({ include = [], exclude = [] }: Globs): Selection {
  if (include.length === 0 && exclude.length === 0) return everything;
  const isIncluded = include.length === 0 ? () => true : matcherOf(include);
  const isExcluded = matcherOf(exclude);
  const mayBeOnTheWay = include.length === 0 ? () => true : leadsTo(include);
  return {
    wantsFile: (path) => isIncluded(path) && !isExcluded(path),
    mayHold: (folder) => !isExcluded(folder) && mayBeOnTheWay(folder),
  };
}

/** Whether a path matches any of the patterns, which are as in `Globs`. */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) =>
    micromatch.matcher(pattern, { ...globbing, matchBase: !pattern.includes('/') }),
  );
  return (path) => matchers.some((matches) => matches(path));
}

/** Folders above or below the fixed part of a pattern can hold what it matches; others can't. */
function leadsTo(patterns: readonly string[]): (folder: string) => boolean {
  const bases = patterns.map(fixedPart);
  return (folder) =>
    bases.some(
      (base) => base === '' || `${base}/`.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${base}/`),
    );
}

/** The leading segments without anything that a glob may give a meaning to. */
function fixedPart(pattern: string): string {
  const segments = pattern.split('/').slice(0, -1);
  const special = segments.findIndex((segment) => /[^\w .-]/.test(segment) || segment.startsWith('.'));
  return segments.slice(0, special < 0 ? segments.length : special).join('/');
}
