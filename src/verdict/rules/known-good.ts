import type { Facts } from '../facts.ts';
import type { Rule } from '../rule.ts';
import { proof } from './proof.ts';

/**
 * Behind the rules of encryption: a list that was made after the attack has hashes of ciphertext, too. Before all others:
 * bytes that are those of a good state are as good as then, whatever can be proved of them now.
 */
export const knownGood: readonly Rule[] = [
  {
    code: 'I602',
    verdict: 'intact',
    says: 'The file’s bytes are those of the known-good state, by their hash',
    isNews: true,
    applies({ evidence: { knownGood: known } }) {
      if (known?.kind !== 'same') return null;
      return { text: `its ${known.by} is one of the known-good state`, at: null };
    },
  },
];

/** Behind the rules of suspicion, which tell more; before those that find nothing wrong. */
export const comparison: readonly Rule[] = [
  {
    code: 'S331',
    verdict: 'suspect',
    says: 'The known-good state has a file of another type under this path',
    applies({ evidence: { knownGood: known, identity, size } }) {
      if (known?.kind !== 'other' || known.format === null || size === 0) return null;
      const found = identity.format ?? identity.magic;
      if (found?.id === known.format) return null;
      return { text: `it was ${known.format}, and is ${found?.id ?? 'of unknown type'}`, at: 0 };
    },
  },
  {
    code: 'S332',
    verdict: 'suspect',
    says: 'The known-good state has a file under this path that was proved; this one can’t be',
    applies(facts) {
      const { knownGood: known } = facts.evidence;
      if (known?.kind !== 'other' || known.verdict !== 'intact') return null;
      const lost = proof.find((rule) => rule.verdict !== 'intact' && rule.applies(facts) !== null);
      return lost === undefined
        ? null
        : { text: `it was proved, and is not: ${sayOf(lost, facts)}`, at: null };
    },
  },
];

function sayOf(rule: Rule, facts: Facts): string {
  return rule.applies(facts)?.text ?? rule.says;
}
