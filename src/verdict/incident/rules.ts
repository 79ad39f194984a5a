import type { Verdict } from '../../ledger/terms.ts';
import type { Reason } from '../rule.ts';
import { type Fingerprint, isHit, isRandom, isWrong } from './fingerprint.ts';
import { describeMark, type IncidentMark } from './mark.ts';
import { findBorne } from './match.ts';

/** A rule that judges a file by what others of the same scan have in common. It only ever raises. */
export interface IncidentRule {
  readonly code: string;
  /** What it raises. */
  readonly from: Verdict;
  readonly verdict: Verdict;
  /** What the rule says, in general; the documentation lists it. */
  readonly says: string;
  /** What it says of this file, or null where it doesn't apply. */
  applies(file: Fingerprint, around: Around): string | null;
}

/** What the scan as a whole shows. */
export interface Around {
  readonly marks: readonly IncidentMark[];
  /** Whether a ransom note lies in the file's folder. */
  readonly noteBeside: boolean;
}

/** In order: the first that applies decides. A file whose bytes show nothing at all is never raised to encrypted. */
export const incidentRules: readonly IncidentRule[] = [
  {
    code: 'E121',
    from: 'suspect',
    verdict: 'encrypted',
    says: 'Something is wrong with the file, and its head or its tail bears the mark that encrypted files of other kinds in this scan share',
    applies: (file, { marks }) =>
      isWrong(file) ? textOf(findBorne(file, marks, 'tail-bytes', 'head-bytes', 'tail-check')) : null,
  },
  {
    code: 'E122',
    from: 'suspect',
    verdict: 'encrypted',
    says: 'The file has random bytes, and the new extension that encrypted files of other kinds in this scan were given',
    applies: (file, { marks }) => (isRandom(file) ? textOf(findBorne(file, marks, 'extension')) : null),
  },
  {
    code: 'E123',
    from: 'suspect',
    verdict: 'encrypted',
    says: 'The file’s content shows signs of ciphertext, with a tail as long, or in the layout, as in encrypted files of other kinds in this scan',
    applies: (file, { marks }) =>
      isHit(file) ? textOf(findBorne(file, marks, 'tail-length', 'layout')) : null,
  },
  {
    code: 'E124',
    from: 'suspect',
    verdict: 'encrypted',
    says: 'The file’s content shows signs of ciphertext, and a ransom note lies in its folder',
    applies: (file, { noteBeside }) =>
      noteBeside && isHit(file) ? 'a ransom note lies in the folder of this file' : null,
  },
  {
    code: 'S321',
    from: 'unproved',
    verdict: 'suspect',
    says: 'Nothing proves the file, and it bears the mark, or the new extension, that encrypted files of other kinds in this scan share',
    applies: (file, { marks }) =>
      textOf(findBorne(file, marks, 'tail-bytes', 'head-bytes', 'tail-check', 'extension')),
  },
];

/** What the scan as a whole says of one file; null where it says nothing that the file itself didn't. */
export function raise(
  file: Fingerprint,
  around: Around,
): { readonly verdict: Verdict; readonly reason: Reason } | null {
  for (const { code, from, verdict, applies } of incidentRules) {
    const text = file.verdict === from ? applies(file, around) : null;
    if (text !== null) return { verdict, reason: { code, text, at: null } };
  }
  return null;
}

function textOf(mark: IncidentMark | null): string | null {
  if (mark === null) return null;
  return `${describeMark(mark)}, as in ${mark.files} files of ${mark.kinds} kinds in this scan`;
}
