// Makes one attacked copy, as the fixtures were made:
//   node bench/run.mjs attack-file IN OUT [--layout 'head kept 4 KiB'] [--cipher aes-256-ctr] [--seed 1]
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { attack } from '../attacks/attack.ts';
import { type CipherName, ciphers } from '../attacks/ciphers.ts';
import { basicLayouts } from '../attacks/layouts.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layout: { type: 'string', default: 'full' },
    cipher: { type: 'string', default: 'aes-256-ctr' },
    seed: { type: 'string', default: '1' },
  },
});
const [from, to] = positionals;
const layout = basicLayouts.find(({ id }) => id === values.layout);
if (from === undefined || to === undefined || layout === undefined || !(values.cipher in ciphers)) {
  console.error(
    `usage: attack-file IN OUT; layouts: ${basicLayouts.map(({ id }) => id).join(', ')}; ciphers: ${Object.keys(ciphers).join(', ')}`,
  );
  process.exit(2);
}
const file = { name: basename(from), bytes: readFileSync(from) };
const attacked = attack(file, layout, values.cipher as CipherName, Number(values.seed));
if (attacked === null) {
  console.error(`${values.layout} leaves ${from} as it is`);
  process.exit(1);
}
writeFileSync(to, attacked.bytes);
console.log(`${to}: ${attacked.changedBytes} bytes changed`);
