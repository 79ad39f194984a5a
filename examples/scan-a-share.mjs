// Which files of a share were hit? Prints the encrypted ones with their layout, and how many are safe.
//   node examples/scan-a-share.mjs /srv/share
import { scan } from 'unscathed';

const [root = 'fixtures'] = process.argv.slice(2);
let safe = 0;

for await (const line of scan([root], { workers: 2, exclude: ['**/node_modules/**'] })) {
  if (line.type !== 'file') continue;
  if (line.restore === 'yes') safe++;
  if (line.verdict === 'encrypted') console.log(line.path.text, line.scheme?.kind, line.reasons[0]?.text);
}
console.log(`${safe} files are safe to restore`);
