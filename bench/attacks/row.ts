import { lengthOf, totalLength } from '../../src/bytes/range.ts';
import { examine } from '../../src/examine/examine.ts';
import type { Verdict } from '../../src/ledger/terms.ts';
import type { Scheme, Shape } from '../../src/verdict/scheme.ts';
import { methods } from '../peers/methods.ts';
import type { Attacked } from './attack.ts';
import type { AttackClass } from './other-attacks.ts';
import { isExact, overlapOf, shapeOf } from './truth.ts';

/** What was found about one attacked copy, beside what is true. */
export interface Row {
  readonly file: string;
  readonly size: number;
  readonly attack: string;
  readonly class: AttackClass | 'genuine';
  readonly cipher: string;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly format: string | null;
  readonly floor: number;
  /** In bytes: all that changed, the longest range of it, and ciphertext in place of the original's bytes. */
  readonly changed: number;
  readonly longest: number;
  readonly encrypted: number;
  /** Intersection over union; null where nothing was encrypted. */
  readonly overlap: number | null;
  readonly truth: Shape | null;
  readonly scheme: Scheme | null;
  readonly isExact: boolean;
  /** Which of the peers' methods call the file encrypted. */
  readonly accused: readonly boolean[];
  readonly milliseconds: number;
}

export interface Origin {
  readonly file: string;
  readonly attack: string;
  readonly class: Row['class'];
  readonly cipher: string;
  readonly seed: number;
}

export function measure(origin: Origin, attacked: Attacked): Row {
  const { name, bytes } = attacked;
  const started = performance.now();
  const { evidence, judgement } = examine(bytes, { name });
  const milliseconds = performance.now() - started;
  const [first] = judgement.reasons;
  const encrypted = totalLength(attacked.encrypted);
  const truth = encrypted === 0 ? null : shapeOf(attacked);
  const { scheme } = judgement;
  return {
    ...origin,
    size: bytes.length,
    verdict: judgement.verdict,
    reason: `${first?.code} ${first?.text}`,
    format: evidence.identity.format?.id ?? null,
    floor: judgement.floor,
    changed: attacked.changedBytes,
    longest: attacked.changed.reduce((most, range) => Math.max(most, lengthOf(range)), 0),
    encrypted,
    overlap: encrypted === 0 ? null : overlapOf(judgement.encrypted, attacked),
    truth: withoutLists(truth),
    scheme: withoutLists(scheme),
    isExact: truth !== null && scheme !== null && isExact(scheme, truth),
    accused: methods.map((method) => method.accuses(bytes, name)),
    milliseconds,
  };
}

/** Tens of thousands of spots are no use in a table. */
function withoutLists<S extends Shape>(shape: S | null): S | null {
  return shape?.kind === 'spots' ? { ...shape, spots: shape.spots.slice(0, 8) } : shape;
}
