import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Verdict, verdicts } from '../../src/ledger/terms.ts';

export const fixturesRoot = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** A file whose place says what it is: `fixtures/<format>/<verdict>/<name>`. */
export interface Fixture {
  readonly format: string;
  readonly verdict: Verdict;
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

export function* fixtures(): Generator<Fixture> {
  for (const format of foldersOf(fixturesRoot)) {
    for (const verdict of foldersOf(join(fixturesRoot, format))) {
      if (!(verdicts as readonly string[]).includes(verdict))
        throw new Error(`fixtures/${format}/${verdict} is no verdict`);
      const folder = join(fixturesRoot, format, verdict);
      for (const name of readdirSync(folder).sort()) {
        const path = join(folder, name);
        yield { format, verdict: verdict as Verdict, name, path, bytes: readFileSync(path) };
      }
    }
  }
}

function foldersOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort();
}
