import { lengthOf, totalLength } from '../../bytes/range.ts';
import type { MemberOutcome } from '../../ledger/observation.ts';
import { type Facts, longest, randomShare } from '../facts.ts';
import type { Rule } from '../rule.ts';
import { inferStripes } from '../scheme/stripes.ts';

/** Below, a file has too few bytes to call it random without a promise that it breaks. */
const SMALLEST_RANDOM_FILE = 192;
/** Shorter random heads may be keys or sums before the content. */
const SHORTEST_HEAD = 512;
/** A blob that begins with this many random bytes had no header of any kind. */
const RANDOM_HEAD = 4096;

/** A container that holds so much of its content as random blobs is a wrapper. */
const WRAPPED_SHARE = 0.9;

/** A file that is mostly sealed is an envelope. */
const ENVELOPED_SHARE = 0.5;

/** Random throughout, of unknown type: alone that's suspect; among other files it may be a key or a seed. */
function isRandomBlob({ reasons }: MemberOutcome): boolean {
  return reasons[0]?.code === 'S301';
}

/** The name promises another type than the wrapping, or has something appended. */
function wrapsAgainstItsName({ evidence: { identity }, signedPromise, byContent }: Facts): boolean {
  const { promised, verifier, asPromised, appended } = identity;
  const isOther = promised.length > 0 && !promised.some(({ id }) => id === verifier?.id);
  const isContradicted = byContent && (signedPromise !== null || isOther);
  return isContradicted || (signedPromise !== null && !asPromised) || appended !== null;
}

/** Names under which files are honestly written as digits. */
const digitNames = new Set(['b64', 'base64', 'hex', 'asc', 'pem', 'key', 'uu', 'uue']);

/** Digits that nothing announces, or a file that is stored in a zip archive as it is: a form, and no reason for it. */
function isWrappedOnly({ evidence: { identity }, byContent }: Facts, blob: MemberOutcome): boolean {
  const isStored = identity.verifier?.id === 'zip' && lengthOf(blob) === blob.size;
  return isStored || (byContent && /^(?:base64|hex)@/.test(blob.name) && !digitNames.has(identity.extension));
}

function isSuspectInItself(member: MemberOutcome): boolean {
  return member.verdict === 'suspect' && !isRandomBlob(member);
}

export const suspicion: readonly Rule[] = [
  {
    code: 'S301',
    verdict: 'suspect',
    says: 'The whole file is random, and nothing says what it is',
    applies(facts) {
      const { size, identity } = facts.evidence;
      if (size < SMALLEST_RANDOM_FILE || identity.format !== null || identity.magic !== null) return null;
      if (facts.structureSeen || randomShare(facts) < 0.95) return null;
      return { text: 'random throughout, no known type', at: 0 };
    },
  },
  {
    code: 'S302',
    verdict: 'suspect',
    says: 'Random bytes follow the end of the file’s content',
    applies({ trailingRuns }) {
      const tail = trailingRuns[0];
      if (tail === undefined) return null;
      return { text: `${lengthOf(tail)} random bytes after the end of the content`, at: tail.start };
    },
  },
  {
    code: 'S303',
    verdict: 'suspect',
    says: 'Random bytes inside data of a kind that isn’t random anywhere',
    applies({ evidence: { texture, identity }, rawRuns }) {
      if (texture !== 'plain' || identity.format === null || longest(rawRuns) < RANDOM_HEAD) return null;
      const run = rawRuns.find((candidate) => lengthOf(candidate) >= RANDOM_HEAD)!;
      return { text: `${lengthOf(run)} random bytes inside ${identity.format.title}`, at: run.start };
    },
  },
  {
    code: 'S304',
    verdict: 'suspect',
    says: 'A file without known type is random from its first byte on, and ordinary further on',
    applies({ evidence: { identity, runs }, totals }) {
      const head = runs[0];
      if (identity.format !== null || identity.magic !== null || head === undefined) return null;
      if (head.start > 0 || head.end < SHORTEST_HEAD || totals.contrast === 0) return null;
      return { text: `the first ${head.end} bytes are random, the rest isn’t`, at: 0 };
    },
  },
  {
    code: 'S305',
    verdict: 'suspect',
    says: 'An extension that means nothing was put behind the file’s own, as ransomware renames files',
    applies({ evidence: { identity } }) {
      if (identity.appended === null) return null;
      return {
        text: `renamed: .${identity.appended} follows .${identity.extension || 'its extension'}`,
        at: null,
      };
    },
  },
  {
    code: 'S306',
    verdict: 'suspect',
    says: 'A file inside the file is suspect',
    applies({ evidence: { ledger } }) {
      const member = ledger.members.find(isSuspectInItself);
      if (member === undefined) return null;
      return { text: `${member.name}: ${member.reasons[0]?.text ?? member.verdict}`, at: member.start };
    },
  },
  {
    code: 'S308',
    verdict: 'suspect',
    says: 'The file wraps little else than random bytes that nothing identifies, against its name or without packing them',
    applies(facts) {
      const { opaqueMemberBytes, memberBytes, members } = facts.evidence.ledger;
      if (opaqueMemberBytes < WRAPPED_SHARE * memberBytes) return null;
      const isAgainstName = wrapsAgainstItsName(facts);
      const member = members.find(
        (blob) => isRandomBlob(blob) && (isAgainstName || isWrappedOnly(facts, blob)),
      );
      return member === undefined ? null : { text: `${member.name} is random throughout`, at: member.start };
    },
  },
  {
    code: 'S309',
    verdict: 'suspect',
    says: 'The name promises a type, and the file is ciphertext in an envelope that this type never has',
    applies({ recognisablePromise, protected: sealed, evidence: { identity, size } }) {
      if (recognisablePromise === null || identity.asPromised || sealed.length === 0) return null;
      if (totalLength(sealed) < ENVELOPED_SHARE * size) return null;
      return {
        text: `${sealed[0]!.scheme} in the place of ${recognisablePromise.title}`,
        at: sealed[0]!.start,
      };
    },
  },
  {
    code: 'S310',
    verdict: 'suspect',
    says: 'The file is a ransom note, by its name or by what it says',
    applies({ evidence: { marks } }) {
      const note = marks.find(({ kind, strong }) => strong && (kind === 'note-text' || kind === 'note-name'));
      if (note === undefined) return null;
      const whose =
        note.families.length === 0 ? '' : `, as ${note.families.slice(0, 3).join(', ')} leaves it`;
      return { text: `ransom note${whose}: ${note.text}`, at: null };
    },
  },
  {
    code: 'S311',
    verdict: 'suspect',
    says: 'The name ends as one family of ransomware alone is known to rename files',
    applies({ evidence: { marks, identity } }) {
      // A type of that name exists, too.
      if (identity.appended === null && identity.promised.length > 0) return null;
      const mark = marks.find(({ kind, strong }) => kind === 'extension' && strong);
      return mark === undefined
        ? null
        : { text: `renamed as ${mark.families.slice(0, 3).join(', ')} does`, at: null };
    },
  },
  {
    code: 'S312',
    verdict: 'suspect',
    says: 'A file of unknown type has random stretches of one length at one distance',
    applies({ evidence: { identity, runs, size }, totals }) {
      if (identity.format !== null || identity.magic !== null || totals.contrast === 0) return null;
      const long = runs.filter((run) => lengthOf(run) >= RANDOM_HEAD);
      const stripes = inferStripes(long, size);
      if (stripes?.kind !== 'stripes') return null;
      return { text: `${stripes.length} random bytes of every ${stripes.period}`, at: stripes.first };
    },
  },
  {
    code: 'S313',
    verdict: 'suspect',
    says: 'Raw data whose places repeat the same values, each exchanged otherwise, as under a short key',
    applies({ evidence: { transformations } }) {
      const key = transformations.find((found) => found.kind === 'repeating-key' && found.by === 'places');
      if (key?.kind !== 'repeating-key') return null;
      return { text: `combined with a repeating key; ${key.period} bytes, or a part of that`, at: key.start };
    },
  },
  {
    code: 'S314',
    verdict: 'suspect',
    says: 'In a file of unknown type equal blocks stand among random ones, as a block cipher without chaining leaves them',
    applies({ evidence: { transformations, identity } }) {
      const blocks = transformations.find(({ kind }) => kind === 'repeated-blocks');
      if (identity.format !== null || identity.magic !== null || blocks?.kind !== 'repeated-blocks')
        return null;
      return { text: `equal blocks of ${blocks.blockSize} bytes among random ones`, at: blocks.start };
    },
  },
  {
    code: 'S307',
    verdict: 'suspect',
    says: 'The name promises a type of which nothing is found in the file, and no other type is',
    applies({ recognisablePromise, evidence: { identity, size } }) {
      if (recognisablePromise === null || identity.magic !== null || identity.format !== null || size === 0)
        return null;
      return { text: `no trace of ${recognisablePromise.title}, nor of any other type`, at: 0 };
    },
  },
];
