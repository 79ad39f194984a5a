import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { corpusRoot } from '../../../test/support/corpus.ts';
import type { Victim } from '../attack.ts';
import { largeFiles } from './large-files.ts';

export interface Choice {
  /** Folder of genuine files; the corpus by default. */
  readonly from?: string | undefined;
  /** Only files whose path matches this regular expression. */
  readonly file: string;
  /** Only files of so many bytes or more. */
  readonly least: number;
  /** Every so many-th file. */
  readonly every: number;
  /** Large files that are made, with the others (`all`) or by themselves (`large`). */
  readonly all: boolean;
  readonly large: boolean;
}

export type LazyVictim = () => Victim & { readonly path: string };

/** The genuine files to attack, in order of path, each read when it's its turn. */
export function victims({
  from = join(corpusRoot, 'genuine'),
  file,
  least,
  every,
  all,
  large,
}: Choice): LazyVictim[] {
  const pattern = new RegExp(file);
  const paths = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const stored = paths
    .filter((path) => pattern.test(path) && (least === 0 || statSync(path).size >= least))
    .filter((_, i) => i % every === 0)
    .map(
      (path): LazyVictim =>
        () => ({ name: basename(path), path: relative(from, path), bytes: readFileSync(path) }),
    );
  if (!all && !large) return stored;
  const parts = paths.map((path) => ({ name: basename(path), path }));
  const made = largeFiles(parts.map(lazily))
    .filter(({ name }) => pattern.test(`large/${name}`))
    .map(
      ({ name, make }): LazyVictim =>
        () => ({ name, path: `large/${name}`, bytes: make() }),
    );
  return large ? made : [...made, ...stored];
}

function lazily({ name, path }: { name: string; path: string }): Victim {
  return {
    name,
    get bytes() {
      return readFileSync(path);
    },
  };
}
