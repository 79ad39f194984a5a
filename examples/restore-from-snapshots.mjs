// When were files hit, and what may go back? Prints the attack, and restores the last intact version of each file.
//   node examples/restore-from-snapshots.mjs TARGET SNAPSHOT…
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan, plan, timeline } from 'unscathed';

const [target, ...snapshots] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'plan-'));
const found = await timeline(snapshots, { accept: ['intact', 'protected'] });

try {
  const { attack } = found;
  console.log(
    attack === null ? 'no attack was found' : `first hit: ${found.snapshots[attack.snapshot].label}`,
  );

  const file = join(scratch, 'plan.ndjson');
  for (const line of plan(found)) {
    writeFileSync(file, `${JSON.stringify(line)}\n`, { flag: 'a' });
    if (line.type === 'missing') console.log(`no version to restore: ${line.path.text} (${line.reason})`);
  }

  for await (const line of applyPlan(file, { to: target })) {
    if (line.type === 'refused') console.log(`refused: ${line.path.text}: ${line.why}`);
    if (line.type === 'end') console.log(`${line.restored} files are restored`);
  }
} finally {
  found.close();
  rmSync(scratch, { recursive: true });
}
