import { lengthOf, type Range } from '../../bytes/range.ts';
import type { KnownFormat } from '../../formats/format.ts';
import type { Texture } from '../../ledger/terms.ts';
import type { Mark } from '../../signs/marks/family.ts';
import type { Transformation } from '../../signs/transformations.ts';
import { isEncodedBlob } from '../encoded-blob.ts';
import { longest, randomShare } from '../facts.ts';
import { foreignExtension, isForeignExtension } from '../foreign-extension.ts';
import type { Rule } from '../rule.ts';

/**
 * Random bytes of this length, in place of bytes that must be something else, are ciphertext: shorter ones could be
 * honest data of the format (research: share of genuine windows that look uniform, by type and window size).
 */
const certainFrom: Readonly<Record<Texture, number>> = {
  plain: 192,
  packed: 65_536,
  dense: Number.POSITIVE_INFINITY,
};

/** Data of any kind that isn't compressed has no random bytes over this length. */
const LONG_STRETCH = 4096;

/** The edge of a run is located to so many bytes. */
const EDGE = 64;
const NARROW_EDGE = 8;

/** A file that is so much encoded is nothing else. */
const ENCODED_SHARE = 0.9;

/** A random head of this length is no damaged magic number. */
const SHORTEST_RANDOM_HEAD = 192;
/** Below, a file has too few bytes to call it random throughout. */
const SMALLEST_RANDOM_FILE = 512;
const RANDOM_THROUGHOUT = 0.95;
const RANDOM_MOSTLY = 0.25;

/** Where a format's payload is as random as ciphertext, a short file that lost its head looks the same. */
function shortestHead(promise: KnownFormat): number {
  return 'texture' in promise && promise.texture === 'dense' ? certainFrom.packed : SHORTEST_RANDOM_HEAD;
}

/** The edge of so long a run may be less sharp. */
const LONG_RANDOM_HEAD = 512;

/** Fewer periods than these are no pattern. */
const LEAST_STRIPES = 16;

export const encryption: readonly Rule[] = [
  {
    code: 'E101',
    verdict: 'encrypted',
    says: 'The file begins with random bytes where the type that its name promises begins with known ones',
    applies({ recognisablePromise, evidence: { identity, runs, size } }) {
      const head = runs[0];
      if (recognisablePromise === null || identity.magic !== null || head === undefined) return null;
      if (head.start > edgeOf(head) || head.end < shortestHead(recognisablePromise)) return null;
      const extent = head.end >= size ? 'the whole file is random' : `the first ${head.end} bytes are random`;
      return { text: `${extent}, where ${recognisablePromise.title} must begin in a known way`, at: 0 };
    },
  },
  {
    code: 'E102',
    verdict: 'encrypted',
    says: 'Random bytes stand where the format allows none, longer than honest data of this format looks random',
    applies({ evidence: { texture, identity }, broken, truncated, strayRuns, structureSeen }) {
      if (broken.length + truncated.length === 0) return null;
      if (!structureSeen && texture !== 'plain') return null;
      // Where nothing else of the format was found, plain data has none so long.
      const least = structureSeen ? certainFrom[texture] : LONG_STRETCH;
      const run = strayRuns.find((candidate) => lengthOf(candidate) >= least);
      if (run === undefined) return null;
      const title = identity.format?.title ?? 'the format';
      return { text: `${lengthOf(run)} random bytes where ${title} has none`, at: run.start };
    },
  },
  {
    code: 'E103',
    verdict: 'encrypted',
    says: 'A file inside the file is encrypted',
    applies({ evidence: { ledger } }) {
      const member = ledger.members.find(({ verdict }) => verdict === 'encrypted');
      if (member === undefined) return null;
      const count = ledger.memberCounts.get('encrypted') ?? 1;
      const others = count > 1 ? ` and ${count - 1} more` : '';
      return { text: `${member.name}${others}: ${member.reasons[0]?.text ?? 'encrypted'}`, at: member.start };
    },
  },
  {
    code: 'E104',
    verdict: 'encrypted',
    says: 'Random bytes follow the end of the file’s content, and its name carries a foreign extension',
    applies({ trailingRuns, evidence: { identity } }) {
      const tail = trailingRuns[0];
      if (tail === undefined || identity.appended === null || longest(trailingRuns) < 16) return null;
      return {
        text: `${lengthOf(tail)} random bytes appended, name ends in .${identity.appended}`,
        at: tail.start,
      };
    },
  },
  {
    code: 'E105',
    verdict: 'encrypted',
    says: 'Where the format is broken, or nothing of the promised type is found, a cipher without random output shows',
    applies({
      evidence: { transformations, identity, texture, marks },
      recognisablePromise,
      textPromise,
      structureSeen,
      broken,
    }) {
      const [first] = transformations;
      const isNothing = identity.format === null && identity.magic === null;
      const isContradicted = recognisablePromise !== null && isNothing;
      // Where nothing is left of a text, zeros may have a period of their own, but no blocks that look random.
      const isLostText = textPromise !== null && first?.kind === 'repeated-blocks' && first.blockSize === 16;
      const isBroken = (structureSeen || isLostText) && broken.length > 0;
      const foreign = identity.appended ?? foreignExtension(identity) ?? markedExtension(marks);
      const isForeign = isNothing && foreign !== null;
      if (first === undefined || !(isContradicted || isBroken || isForeign)) return null;
      if (isForeign && first.kind === 'repeated-blocks') return { text: describe(first), at: first.start };
      // Packed data that lost its head, or breaks, has periods of its own; a key that gives the head back is no chance, nor
      // is one that parts the values of each place from those of others.
      const isTelling = first.kind === 'repeating-key' && (first.by === 'head' || first.by === 'places');
      if (isForeign && isTelling) return { text: describe(first), at: first.start };
      const isEcb = isContradicted && first.kind === 'repeated-blocks' && first.blockSize === 16;
      if (texture !== 'plain' && !isTelling && !isEcb) return null;
      if (first.kind === 'stripes' && lengthOf(first) < LEAST_STRIPES * first.period) return null;
      return { text: describe(first), at: first.start };
    },
  },
  {
    code: 'E106',
    verdict: 'encrypted',
    says: 'The file bears the mark of a family of ransomware, or a tail whose fields hold together',
    applies(facts) {
      const { marks, identity } = facts.evidence;
      const decisive = marks.find((mark) => mark.strong && isOfBytes(mark));
      if (decisive !== undefined) return { text: describeMark(decisive), at: decisive.at };
      const tail = marks.find(({ kind }) => kind === 'tail');
      // Honest formats end in such numbers, too.
      if (tail === undefined || identity.magic !== null || identity.format !== null) return null;
      if (identity.appended === null && randomShare(facts) < RANDOM_MOSTLY) return null;
      return { text: tail.text, at: tail.at };
    },
  },
  {
    code: 'E107',
    verdict: 'encrypted',
    says: 'The whole file is random, and its name carries a foreign extension',
    applies(facts) {
      const { identity, size, marks } = facts.evidence;
      if (identity.format !== null || identity.magic !== null || size < SMALLEST_RANDOM_FILE) return null;
      const foreign = identity.appended ?? foreignExtension(identity) ?? markedExtension(marks);
      if (foreign === null || facts.structureSeen || randomShare(facts) < RANDOM_THROUGHOUT) return null;
      return { text: `random throughout, and renamed to .${foreign}`, at: 0 };
    },
  },
  {
    code: 'E108',
    verdict: 'encrypted',
    says: 'The file begins with many random bytes, where all types of its extension have magic bytes',
    applies({ markedPromise, evidence: { identity, runs } }) {
      const head = runs[0];
      if (markedPromise === null || identity.format !== null || identity.magic !== null) return null;
      if (head === undefined || head.start > EDGE || lengthOf(head) < certainFrom.packed) return null;
      return {
        text: `${lengthOf(head)} random bytes where ${markedPromise.title} has magic bytes`,
        at: 0,
      };
    },
  },
  {
    code: 'E109',
    verdict: 'encrypted',
    says: 'The structure is broken, the bytes there are random, and the name carries a foreign extension',
    applies({ broken, strayRuns, structureSeen, evidence: { identity } }) {
      const [first] = broken;
      if (first === undefined || identity.appended === null || !structureSeen) return null;
      const length = longest(strayRuns);
      if (length < SHORTEST_RANDOM_HEAD) return null;
      return {
        text: `${length} random bytes, ${first.what} is wrong, name ends in .${identity.appended}`,
        at: first.at,
      };
    },
  },
  {
    code: 'E110',
    verdict: 'encrypted',
    says: 'A file of unknown type, or raw data of a plain one, has long random stretches, and a foreign extension',
    applies({ evidence: { identity, runs, marks, texture }, totals, rawRuns }) {
      const isUnknown = identity.format === null && identity.magic === null && totals.contrast > 0;
      const isPlain = identity.format !== null && texture === 'plain' && longest(rawRuns) >= LONG_STRETCH;
      if (!isUnknown && !isPlain) return null;
      const foreign = identity.appended ?? foreignExtension(identity) ?? markedExtension(marks);
      const run = runs.find((candidate) => lengthOf(candidate) >= LONG_STRETCH);
      if (foreign === null || run === undefined) return null;
      return {
        text: `${lengthOf(run)} random bytes where others should be, renamed to .${foreign}`,
        at: run.start,
      };
    },
  },
  {
    code: 'E111',
    verdict: 'encrypted',
    says: 'The file is random bytes written as text, where its types begin with magic bytes, or under a foreign extension',
    applies({ evidence: { ledger, identity, size }, byContent, signedPromise }) {
      const isForeign = identity.appended !== null || (signedPromise !== null && !identity.asPromised);
      if (!byContent || !(isForeign || signedPromise !== null)) return null;
      const encoded = ledger.members.find(isEncodedBlob);
      if (encoded === undefined || encoded.size < LONG_STRETCH) return null;
      if (lengthOf(encoded) < ENCODED_SHARE * size) return null;
      return {
        text: `${encoded.name} is ${encoded.size} random bytes and all that the file holds`,
        at: encoded.start,
      };
    },
  },
  {
    code: 'E112',
    verdict: 'encrypted',
    says: 'Much of the file is random and nothing proves the type of its name, behind which stands an extension that ransomware appends and no program would',
    applies(facts) {
      const { evidence, broken, truncated } = facts;
      const { identity, runs, marks } = evidence;
      if (identity.appended === null || !isStrange(identity.appended, marks)) return null;
      if (identity.format !== null && broken.length + truncated.length === 0) return null;
      const run = runs.find((candidate) => lengthOf(candidate) >= LONG_STRETCH);
      if (run === undefined || randomShare(facts) < RANDOM_MOSTLY) return null;
      return { text: `${lengthOf(run)} random bytes, renamed to .${identity.appended}`, at: run.start };
    },
  },
];

/** Known of ransomware, by one family or several, or none that a program would choose. */
function isStrange(appended: string, marks: readonly Mark[]): boolean {
  return marks.some(({ kind }) => kind === 'extension') || isForeignExtension(appended);
}

function isOfBytes({ kind }: Mark): boolean {
  return kind === 'header' || kind === 'trailer' || kind === 'tail';
}

function describeMark({ kind, families, text }: Mark): string {
  return `${kind} of ${families.join(', ')}: ${text}`;
}

/** The end of the name, where one family alone is known to append it. */
function markedExtension(marks: readonly Mark[]): string | null {
  const mark = marks.find(({ kind, strong }) => kind === 'extension' && strong);
  return mark === undefined ? null : (mark.text.split('.').at(-1) ?? mark.text);
}

/** Behind a short header of unknown meaning, short runs may be colours, tables or keys. */
function edgeOf(head: Range): number {
  return lengthOf(head) >= LONG_RANDOM_HEAD ? EDGE : NARROW_EDGE;
}

function describe(transformation: Transformation): string {
  switch (transformation.kind) {
    case 'repeated-blocks':
      return `equal blocks of ${transformation.blockSize} bytes among random ones, as ECB mode leaves them`;
    case 'repeating-key':
      return `combined with a repeating key of ${transformation.period} bytes`;
    case 'stripes':
      return `${transformation.on} random bytes of every ${transformation.period}`;
    case 'encoded':
      return `random bytes written as ${transformation.alphabet}`;
  }
}
