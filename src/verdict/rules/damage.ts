import type { KnownFormat } from '../../formats/format.ts';
import type { Pattern } from '../../signs/pattern.ts';
import { type Facts, longest } from '../facts.ts';
import type { Rule } from '../rule.ts';

/** From here on a random run beside a contradiction leaves open whether it's damage or ciphertext. */
const SUSPECT_RUN = 192;
/** A pattern over this many bytes, or the whole file, leaves no header. */
const WIPED_HEAD = 512;

export const damage: readonly Rule[] = [
  {
    code: 'S201',
    verdict: 'suspect',
    says: 'The structure is broken, and the bytes there are random; in this format, honest ones may be, too',
    applies({ broken, strayRuns }) {
      const first = broken[0];
      if (first === undefined || longest(strayRuns) < SUSPECT_RUN) return null;
      return { text: `${first.what} is wrong, ${longest(strayRuns)} random bytes there`, at: first.at };
    },
  },
  {
    code: 'D201',
    verdict: 'damaged',
    says: 'The bytes contradict the format, and the broken part isn’t random',
    applies({ broken }) {
      const first = broken[0];
      if (first === undefined) return null;
      const difference =
        first.expected === undefined ? '' : `: expected ${first.expected}, found ${first.actual}`;
      return { text: `${first.what}${difference}`, at: first.at };
    },
  },
  {
    code: 'D202',
    verdict: 'damaged',
    says: 'The file ends before its content does',
    applies({ truncated }) {
      const first = truncated[0];
      if (first === undefined) return null;
      return { text: `the file ends ${first.missing} bytes too early, inside ${first.what}`, at: first.at };
    },
  },
  {
    code: 'D203',
    verdict: 'damaged',
    says: 'The file begins with one byte, repeated, where the type that its name promises begins otherwise',
    applies({ recognisablePromise, evidence: { identity, ledger } }) {
      const head = ledger.segments()[0];
      if (recognisablePromise === null || identity.magic !== null || identity.format !== null) return null;
      if (head === undefined || head.state !== 'padding') return null;
      return {
        text: `the first ${head.end} bytes are all the same, no trace of ${recognisablePromise.title}`,
        at: 0,
      };
    },
  },
  {
    code: 'D204',
    verdict: 'damaged',
    says: 'The file repeats one pattern from its first byte on, where the types of its extension begin otherwise',
    applies(facts) {
      const { byContent, evidence } = facts;
      const { identity, pattern, size } = evidence;
      if (pattern === null || identity.magic !== null || (identity.format !== null && !byContent))
        return null;
      const promise = patternBreaks(facts, pattern);
      if (promise === null || pattern.length < Math.min(size, WIPED_HEAD)) return null;
      return {
        text: `the first ${pattern.length} bytes repeat ${pattern.period}, no trace of ${promise.title}`,
        at: 0,
      };
    },
  },
];

/** The promised type that no pattern begins: one with magic bytes, another than was found, text where there's none. */
function patternBreaks(facts: Facts, { isText, period }: Pattern): KnownFormat | null {
  const { signedPromise, recognisablePromise, textPromise, evidence } = facts;
  const { promised, verifier } = evidence.identity;
  if (signedPromise !== null) return signedPromise;
  // Characters of two bytes repeat with a zero between them.
  if (!isText && period === 1 && textPromise !== null) return textPromise;
  return promised.some(({ id }) => id === verifier?.id) ? null : recognisablePromise;
}
