import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { version } from '../../version.ts';
import type { ScanSettings } from '../options.ts';

/**
 * Stands for all that decides on the verdict of a file beside the file: version and code, policy, budget, marks, the
 * known-good state, what a line holds.
 */
export function fingerprintOf(settings: ScanSettings, workerUrl: URL): string {
  const { policy, budget, families, sha256, correlate, comparison } = settings;
  const sum = createHash('sha256');
  sum.update(
    JSON.stringify({ version, policy, budget, families, sha256, correlate, roots: comparison?.roots }),
  );
  for (const table of comparison === null
    ? []
    : [...Object.values(comparison.baseline.hashes), comparison.baseline.paths]) {
    if (table !== null) sum.update(table.keys).update(table.values);
  }
  for (const code of codeBeside(workerUrl)) sum.update(code);
  return sum.digest('hex');
}

/** Two builds may have one version number. */
function codeBeside(workerUrl: URL): Buffer[] {
  const folder = fileURLToPath(new URL('.', workerUrl));
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return names.sort().map((name) => readFileSync(`${folder}${name}`));
}
