import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './part.ts';
import { parts } from './parts.ts';
import { missingTools, scratchRoot } from './tools.ts';

/** node bench/run.mjs images [part…]: all parts, or those named. Exit code 1 where one misses what it has to reach. */
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const chosen = wanted.length === 0 ? parts : parts.filter(({ name }) => wanted.includes(name));
if (chosen.length === 0) {
  console.error(`no such part; there are ${parts.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

let reached = true;
for (const part of chosen) reached = (await runPart(part)) && reached;
process.exitCode = reached ? 0 : 1;

async function runPart(part: Part): Promise<boolean> {
  console.log(`\n── ${part.name}: ${part.title}`);
  const missing = missingTools(part.needs);
  if (missing.length > 0) {
    console.log(`skipped: needs ${missing.join(', ')}`);
    return true;
  }
  const scratch = mkdtempSync(join(scratchRoot(), 'unscathed-images-'));
  try {
    return await part.run(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
