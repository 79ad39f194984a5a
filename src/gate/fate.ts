import type { FileLine } from '../report/line.ts';
import { matcherOf } from '../sources/folders/selection.ts';
import type { Action, GatePolicy, Kind } from './policy.ts';

/** What a policy makes of one file, and why. */
export interface Fate {
  readonly action: Action;
  readonly because: Because;
}

/** What decided: the kind of the file, or what holds the gate whatever else is accepted. */
export type Because = Kind | 'family' | 'note';

/** Codes of rules that tell files of one verdict apart (docs/evidence.md). */
const CONTRAST_THROUGHOUT = 'U405';
const RANSOM_NOTE = 'S310';

/** Decides over files, one by one, under a policy. */
export class Fates {
  readonly #policy: GatePolicy;
  readonly #rules: readonly { readonly matches: (path: string) => boolean; readonly verdicts: object }[];
  readonly #families: readonly string[] | null;

  constructor(policy: GatePolicy) {
    this.#policy = policy;
    this.#rules = policy.files.map(({ match, verdicts }) => ({ matches: matcherOf(match), verdicts }));
    this.#families = policy.families === 'any' ? null : policy.families.map((name) => name.toLowerCase());
  }

  /** @param path relative to its root */
  of(line: FileLine, path: string): Fate {
    if (this.#policy.notes === 'hold' && line.reasons.some(({ code }) => code === RANSOM_NOTE)) {
      return { action: 'hold', because: 'note' };
    }
    if (this.#isHeldFamily(line)) return { action: 'hold', because: 'family' };
    const kind = kindOf(line);
    return { action: this.#actionFor(kind, path), because: kind };
  }

  ofLink(path: string): Fate {
    return { action: this.#actionFor('links', path), because: 'links' };
  }

  #actionFor(kind: Kind, path: string): Action {
    const rule = this.#rules.find(({ matches, verdicts }) => kind in verdicts && matches(path));
    return (
      (rule?.verdicts as Partial<Record<Kind, Action>> | undefined)?.[kind] ?? this.#policy.verdicts[kind]
    );
  }

  /**
   * A report names the first families only: where some are left out, any could be among them. On a damaged file a
   * family stands for an agreement that chance gives, too: it holds where the policy names it.
   */
  #isHeldFamily({ family, verdict }: FileLine): boolean {
    if (family === null) return false;
    if (this.#families === null) return verdict !== 'damaged';
    const text = family.toLowerCase();
    return this.#families.length > 0 && (/ and \d+ more$/.test(text) || this.#names(text));
  }

  #names(text: string): boolean {
    const named = text.replace(/^consistent with /, '').split(', ');
    return named.some((name) => this.#families?.includes(name));
  }
}

function kindOf({ verdict, reasons, changed }: FileLine): Kind {
  if (verdict === 'encrypted') return verdict;
  if (changed === true) return 'changed';
  return verdict === 'unproved' && reasons[0]?.code === CONTRAST_THROUGHOUT ? 'contrast' : verdict;
}
