import type { Evidence } from '../evidence.ts';
import type { Judgement } from '../judge.ts';
import { inferScheme, type Scheme } from '../scheme.ts';

/** The scheme of the encrypted ranges or, as long as that isn't decided, of the random runs. */
export function schemeOf(evidence: Evidence, judgement: Judgement): Scheme | null {
  if (judgement.scheme !== null || evidence.runs.length === 0) return judgement.scheme;
  const trailing = evidence.ledger.observations.find((observation) => observation.kind === 'trailing');
  return inferScheme(evidence.runs, {
    size: evidence.size,
    headKept: evidence.identity.magic !== null,
    contentEnd: trailing?.kind === 'trailing' ? trailing.start : null,
  });
}

/** Shorter heads may be chance. */
const LEAST = 512;

/** In words that are equal for equal layouts; null where these say nothing: of a file that is random throughout. */
export function layoutKey(scheme: Scheme | null): string | null {
  switch (scheme?.kind) {
    case 'head':
      return scheme.length < LEAST ? null : `the first ${scheme.length} bytes`;
    case 'keeps-head':
      return scheme.kept < LEAST ? null : `all but the first ${scheme.kept} bytes`;
    case 'stripes':
      return `${scheme.length} of every ${scheme.period} bytes`;
    case 'head-and-stripes':
      return `the first ${scheme.head} bytes, then ${scheme.length} of every ${scheme.period}`;
    default:
      return null;
  }
}
