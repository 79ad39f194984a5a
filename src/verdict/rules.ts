import type { Rule } from './rule.ts';
import { damage } from './rules/damage.ts';
import { encryption } from './rules/encryption.ts';
import { comparison, knownGood } from './rules/known-good.ts';
import { proof } from './rules/proof.ts';
import { suspicion } from './rules/suspicion.ts';

/**
 * The rules in order: the first that applies gives the verdict, the others that apply are told as further reasons.
 * Entropy alone decides none of them.
 */
export const rules: readonly Rule[] = [
  ...encryption,
  ...knownGood,
  ...damage,
  ...suspicion,
  ...comparison,
  ...proof,
];
