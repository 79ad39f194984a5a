// May this backup go back? Writes the list of what may, for `rsync --from0 --files-from=safe.list0`.
//   node examples/gate-a-backup.mjs /mnt/backup/latest policy.yaml
import { decisionText, defaultGatePolicy, gate, PathList, readPolicy } from 'unscathed';

const [root = 'fixtures', file] = process.argv.slice(2);
const policy = file === undefined ? defaultGatePolicy : await readPolicy(file);
const safe = await PathList.create('safe.list0');

const decision = await gate([root], {
  policy,
  onFile: async ({ action, relative }) => {
    if (action === 'accept') await safe.add(relative);
  },
});
await safe.finish();

console.log(decisionText(decision));
process.exitCode = { pass: 0, hold: 1, incomplete: 3 }[decision.decision];
