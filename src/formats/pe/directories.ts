import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { accountExceptions } from './exceptions.ts';
import { directory, type Image, offsetOf } from './layout.ts';
import { accountExports, accountImports } from './names.ts';
import type { Part } from './part.ts';
import { accountRelocations } from './relocations.ts';
import { accountResources } from './resources.ts';

const checks: readonly (readonly [number, (part: Part) => void])[] = [
  [directory.relocations, accountRelocations],
  [directory.exceptions, accountExceptions],
  [directory.resources, accountResources],
  [directory.imports, accountImports],
  [directory.exports, accountExports],
];

/** Checks the tables that the image's data directories lead to. */
export function accountDirectories(reader: Reader, ledger: Ledger, context: Context, image: Image): void {
  for (const [index, check] of checks) {
    const entry = image.directories[index];
    if (entry === undefined || entry.address === 0 || entry.size === 0) continue;
    const start = offsetOf(image, entry.address);
    // Packers leave entries whose sections are filled at run time.
    if (start < 0 || start + entry.size > reader.size) continue;
    try {
      check({ reader, ledger, context, image, start, end: start + entry.size });
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error, start + entry.size);
    }
  }
}
