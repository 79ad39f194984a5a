// A format of your own: "ACME" and a 32-bit sum of the bytes that follow. It can be passed to examine(), or exported
// from a module that scan() loads into its workers: scan(roots, { plugins: [new URL('./add-a-format.mjs', import.meta.url)] })
import { Broken, examine } from 'unscathed';

const acme = {
  id: 'acme',
  title: 'ACME record',
  extensions: ['acme'],
  signatures: [{ at: 0, hex: '41434d45' }],
  spec: 'ACME house rules, section 1',
  proof: 'a 32-bit sum over all bytes',
  texture: 'plain',
  verify(reader, ledger) {
    let sum = 0;
    for (const part of reader.stream(8, reader.size)) for (const byte of part) sum = (sum + byte) >>> 0;
    if (sum !== reader.u32be(4)) throw new Broken(4, 'sum', reader.u32be(4), sum);
    ledger.account(0, reader.size, 'checksum', 'sum', 2);
  },
};

export const formats = [acme];

const record = Buffer.from([...Buffer.from('ACME'), 0, 0, 0, 6, 1, 2, 3]);
const { evidence, judgement } = examine(record, { name: 'a.acme', formats });
console.log(evidence.identity.format?.title, judgement.verdict);
