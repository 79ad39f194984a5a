import { longest } from '../facts.ts';
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
    says: 'The file repeats one pattern from its first byte on, where all types of its extension begin with magic bytes',
    applies({ signedPromise, byContent, evidence: { identity, pattern, size } }) {
      if (signedPromise === null || pattern === null || identity.magic !== null) return null;
      if (identity.format !== null && !byContent) return null;
      if (pattern.length < Math.min(size, WIPED_HEAD)) return null;
      return {
        text: `the first ${pattern.length} bytes repeat ${pattern.period}, no trace of ${signedPromise.title}`,
        at: 0,
      };
    },
  },
];
