import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The corpus of real files stands beside the project; `UNSCATHED_CORPUS` names another place. */
export const corpusRoot =
  process.env.UNSCATHED_CORPUS ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

export const hasCorpus = existsSync(join(corpusRoot, 'corpus.tsv'));
if (!hasCorpus) console.warn(`corpus not found at ${corpusRoot}: tests over real files are skipped`);

export type CorpusClass = 'genuine' | 'protected' | 'malformed';

export interface CorpusFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All files of one class and type, in order of name; none where the corpus is missing. */
export function* corpusFiles(kind: CorpusClass, ...types: string[]): Generator<CorpusFile> {
  if (!hasCorpus) return;
  for (const type of types) {
    const folder = join(corpusRoot, kind, type);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      yield { name, path, bytes: readFileSync(path) };
    }
  }
}

/** All files of one class, by type, in order of name. */
export function* allCorpusFiles(kind: CorpusClass): Generator<CorpusFile & { readonly type: string }> {
  if (!hasCorpus) return;
  for (const type of readdirSync(join(corpusRoot, kind)).sort()) {
    for (const file of corpusFiles(kind, type)) yield { ...file, type };
  }
}
