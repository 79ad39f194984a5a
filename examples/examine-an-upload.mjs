// Is this buffer what its name says, or ciphertext? Nothing touches the disk.
import { createCipheriv, randomBytes } from 'node:crypto';
import { examine } from 'unscathed';

const honest = Buffer.from('date,account,amount\n2019-06-24,4711,12.50\n'.repeat(500));
const encrypted = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(honest);

for (const bytes of [honest, encrypted]) {
  const { judgement } = examine(bytes, { name: 'bookings.csv' });
  console.log(judgement.verdict, '-', judgement.reasons[0]?.text);
}
