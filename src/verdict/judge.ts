import type { Range } from '../bytes/range.ts';
import type { Verdict } from '../ledger/terms.ts';
import { encryptedRanges } from './encrypted-ranges.ts';
import type { Evidence } from './evidence.ts';
import { type Facts, gatherFacts } from './facts.ts';
import { defaultPolicy, type Policy, type RestoreAdvice } from './policy.ts';
import type { Reason } from './rule.ts';
import { rules } from './rules.ts';
import { inferScheme, type Scheme, type Setting, type Shape } from './scheme.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly restore: RestoreAdvice;
  /** In bytes; see `Ledger.floor`. */
  readonly floor: number;
  /** The rule that decided, then the others that apply, except those that would only repeat the good news. */
  readonly reasons: readonly Reason[];
  /** Ciphertext, for all that can be seen; empty unless the verdict is `encrypted`. */
  readonly encrypted: readonly Range[];
  /** Families whose marks were found, or whose marks agree with what was found; alphabetical. */
  readonly families: readonly string[];
  /** How the encrypted ranges lie; null unless the verdict is `encrypted`. */
  readonly scheme: Scheme | null;
}

const advice: Readonly<Record<Verdict, RestoreAdvice>> = {
  intact: 'yes',
  protected: 'yes',
  unproved: 'review',
  suspect: 'review',
  damaged: 'no',
  encrypted: 'no',
  unread: 'no',
};

/** What follows from the evidence under a policy. Pure: the same evidence gives the same judgement. */
export function judge(evidence: Evidence, policy: Policy = defaultPolicy): Judgement {
  const facts = gatherFacts(evidence, policy);
  const reasons: Reason[] = [];
  let verdict: Verdict | null = null;
  for (const rule of rules) {
    const said =
      verdict !== null && rule.verdict === 'intact' && rule.isNews !== true ? null : rule.applies(facts);
    if (said === null) continue;
    verdict ??= rule.verdict;
    reasons.push({ code: rule.code, ...said });
  }
  verdict ??= 'unproved';
  const encrypted = verdict === 'encrypted' ? encryptedRanges(evidence) : [];
  const isOwn = evidence.runs.length + evidence.transformations.length > 0;
  const own = isOwn ? encrypted : [];
  const scheme = inferScheme(own, settingOf(facts), fineStripesOf(evidence), evidence.zones);
  return {
    verdict,
    restore: advice[verdict],
    floor: evidence.knownGood?.kind === 'same' ? 1 : facts.floor,
    reasons,
    encrypted,
    families: familiesOf(evidence),
    scheme,
  };
}

/** Marks that decide speak louder than names that several families share. */
function familiesOf({ marks }: Evidence): readonly string[] {
  const strong = marks.filter((mark) => mark.strong && mark.families.length > 0);
  const telling = strong.length > 0 ? strong : marks;
  return [...new Set(telling.flatMap(({ families }) => families))].sort();
}

/** Thousands of stripes are one finding: they need no inference from their places. */
function fineStripesOf({ transformations }: Evidence): Shape | null {
  const found = transformations.find(({ kind }) => kind === 'stripes');
  if (found?.kind !== 'stripes') return null;
  const { start, phase, period, on } = found;
  const first = start + ((((phase - start) % period) + period) % period);
  return { kind: 'stripes', length: on, period, first, fit: 1 };
}

function settingOf({ evidence: { size, identity }, trailing, signedPromise }: Facts): Setting {
  return {
    size,
    headKept: identity.magic !== null,
    headLost: identity.magic === null && signedPromise !== null,
    contentEnd: trailing[0]?.start ?? null,
  };
}
