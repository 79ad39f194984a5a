// Bundles bench/<name>/<name>.ts with esbuild (it comes with tsup) and runs it: node bench/run.mjs <name> [arguments]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');
const [name = '', ...rest] = process.argv.slice(2);
const entry = join(here, name, `${name}.ts`);
if (name === '' || !existsSync(entry)) {
  console.error(`usage: node bench/run.mjs <bench> [arguments]; there is no ${entry}`);
  process.exit(2);
}

// Inside the project so that packages resolve, and as deep as test/support/, whose paths relative to itself then hold.
const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
try {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  // The bundle stands elsewhere than the bench's own data.
  const environment = { ...process.env, BENCH_FOLDER: join(here, name), BENCH_ROOT: root };
  const run = spawnSync(process.execPath, ['--expose-gc', outfile, ...rest], {
    stdio: 'inherit',
    env: environment,
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
