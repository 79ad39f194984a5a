// Is this buffer what its name says, or ciphertext? Nothing touches the disk.
import { createCipheriv, randomBytes } from 'node:crypto';
import { examine } from 'unscathed';

const bookings = Array.from(
  { length: 500 },
  (_, i) => `2019-06-${10 + (i % 20)},${4000 + 7 * i},${(i * 1.37).toFixed(2)}`,
);
const honest = Buffer.from(`date,account,amount\n${bookings.join('\n')}\n`);
const encrypted = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(honest);

for (const bytes of [honest, encrypted]) {
  const { judgement } = examine(bytes, { name: 'bookings.csv' });
  console.log(judgement.verdict, '-', judgement.reasons[0]?.text);
}
