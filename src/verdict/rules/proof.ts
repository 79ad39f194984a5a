import { lengthOf } from '../../bytes/range.ts';
import { type Proof, proofs } from '../../ledger/terms.ts';
import { type Facts, unprovedBytes } from '../facts.ts';
import type { Rule } from '../rule.ts';

/** A container may hold so many bytes, as a share of all its members, that nothing speaks for. */
const OPAQUE_SHARE = 0.05;

/** So much of a file may be free fields of its format: times, identifiers, slack. */
const OPEN_SHARE = 0.05;
const FEW_BYTES = 64;
/** Of a tiny file, at most this share may be open. */
const MOST_OPEN = 0.25;

/** Programs write text under these, and office programs read it. */
const textualNames = new Set(['doc', 'dot', 'xls', 'xlt', 'wps', 'wri', 'wpd']);

export const proof: readonly Rule[] = [
  {
    code: 'U401',
    verdict: 'unproved',
    says: 'The examination ended early: a limit was reached',
    applies({ evidence: { stopped } }) {
      return stopped === null ? null : { text: stopped, at: null };
    },
  },
  {
    code: 'P501',
    verdict: 'protected',
    says: 'Encrypted by its owner, in a known and well-formed scheme',
    applies({ protected: sealed, evidence: { ledger } }) {
      const first = sealed[0];
      if (first !== undefined) {
        const strength = first.strength === undefined ? '' : `, ${first.strength}`;
        return { text: `${first.scheme}${strength}`, at: first.start };
      }
      const member = ledger.members.find(({ verdict }) => verdict === 'protected');
      if (member === undefined) return null;
      return { text: `${member.name}: ${member.reasons[0]?.text ?? 'protected'}`, at: member.start };
    },
  },
  {
    code: 'U402',
    verdict: 'unproved',
    says: 'A part was not examined',
    applies({ unexamined }) {
      const first = unexamined[0];
      return first === undefined ? null : { text: first.why, at: first.start };
    },
  },
  {
    code: 'U403',
    verdict: 'unproved',
    says: 'Bytes follow the end of the file’s content',
    applies({ trailing }) {
      const first = trailing[0];
      return first === undefined ? null : { text: `${lengthOf(first)} bytes after the end`, at: first.start };
    },
  },
  {
    code: 'U407',
    verdict: 'unproved',
    says: 'A file inside the file is damaged; it was so when it was packed',
    applies({ evidence: { ledger } }) {
      const member = ledger.members.find(({ verdict }) => verdict === 'damaged');
      if (member === undefined) return null;
      return { text: `${member.name}: ${member.reasons[0]?.text ?? 'damaged'}`, at: member.start };
    },
  },
  {
    code: 'U404',
    verdict: 'unproved',
    says: 'Files inside the file could be ciphertext for all that is known of them',
    applies({ evidence: { ledger }, policy }) {
      const { opaqueMemberBytes, memberBytes } = ledger;
      const allowed = Math.min(policy.floor, OPAQUE_SHARE * memberBytes);
      if (opaqueMemberBytes === 0 || opaqueMemberBytes <= allowed) return null;
      const member = ledger.members.find(({ opaque }) => opaque > 0);
      return {
        text: `${opaqueMemberBytes} bytes of files inside are opaque, as in ${member?.name ?? 'one'}`,
        at: member?.start ?? null,
      };
    },
  },
  {
    code: 'U408',
    verdict: 'unproved',
    says: 'The name promises a type with a form of its own; found is one that any bytes of that kind would make',
    applies({ recognisablePromise, byContent, evidence: { identity } }) {
      if (recognisablePromise === null || !byContent || identity.verifier === null) return null;
      if (
        identity.promised.some(
          ({ id, signatures }) => id === identity.verifier?.id || signatures.length === 0,
        )
      )
        return null;
      if (textualNames.has(identity.extension)) return null;
      return { text: `${identity.verifier.title} in the place of ${recognisablePromise.title}`, at: 0 };
    },
  },
  {
    code: 'U409',
    verdict: 'unproved',
    says: 'Zeros that the format doesn’t demand make up much of the file',
    applies({ byContent, totals, floor, evidence: { size } }) {
      const isLittle = totals.padding <= Math.max(FEW_BYTES, OPEN_SHARE * size) && totals.padding < floor;
      if (!byContent || totals.padding === 0 || isLittle) return null;
      return { text: `${totals.padding} bytes are zero, as lost ones would be`, at: null };
    },
  },
  {
    code: 'U410',
    verdict: 'unproved',
    says: 'The file is one pattern over and over, as wipers write it: it holds no content that could be proved',
    applies({ evidence: { pattern, size, identity }, byContent }) {
      if (pattern === null || pattern.length < size / 2 || identity.magic !== null) return null;
      if (identity.format !== null && !byContent && pattern.length < size) return null;
      return { text: `${pattern.length} bytes repeat the first ${pattern.period}`, at: 0 };
    },
  },
  {
    code: 'U405',
    verdict: 'unproved',
    says: 'No format is known for the file; no part of it is random',
    applies(facts) {
      const { evidence, totals, floor, policy } = facts;
      if (evidence.identity.format !== null || totals.contrast === 0 || floor > policy.floor) return null;
      return {
        text: `unknown type, contrast throughout: random bytes from ${floor} on would show`,
        at: null,
      };
    },
  },
  {
    code: 'U406',
    verdict: 'unproved',
    says: 'Bytes that nothing proves are longer than the policy’s floor, or too many in all',
    applies(facts) {
      const { evidence, floor, policy, totals } = facts;
      if (evidence.size === 0) return null;
      const allowed = Math.max(Math.min(FEW_BYTES, MOST_OPEN * evidence.size), OPEN_SHARE * evidence.size);
      const isProved = evidence.identity.format !== null && totals.contrast + totals.padding < evidence.size;
      if (floor <= policy.floor && unprovedBytes(facts) <= allowed && isProved) return null;
      return { text: describeGap(facts), at: longestGapStart(facts) };
    },
  },
  {
    code: 'I601',
    verdict: 'intact',
    says: 'Every byte is accounted for, down to the floor',
    applies(facts) {
      return { text: describeProof(facts), at: null };
    },
  },
];

function describeGap(facts: Facts): string {
  const { evidence, totals, floor } = facts;
  if (evidence.identity.format === null) return 'unknown type';
  if (totals.coded > totals.raw + totals.unaccounted) return 'coded payload that no checksum covers';
  return `${unprovedBytes(facts)} bytes unproved, the longest overwrite that nothing would notice is ${floor - 1}`;
}

function longestGapStart({ evidence: { ledger } }: Facts): number | null {
  const gaps = ledger.ranges('unaccounted', 'raw', 'coded');
  if (gaps.length === 0) return null;
  return gaps.reduce((longest, gap) => (lengthOf(gap) > lengthOf(longest) ? gap : longest)).start;
}

function describeProof({ evidence, totals, floor }: Facts): string {
  if (evidence.size === 0) return 'empty';
  const shares = proofs
    .filter((proof) => totals[proof] > 0)
    .map((proof: Proof) => `${percent(totals[proof], evidence.size)} by ${proof}`);
  return `proved ${shares.join(', ')}; random bytes from ${floor} on would show`;
}

function percent(part: number, whole: number): string {
  const share = (100 * part) / whole;
  return `${share >= 99.95 || share < 0.05 ? share.toFixed(2) : share.toFixed(1)} %`;
}
