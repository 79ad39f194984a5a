import type { FileLine } from '../report/line.ts';
import { fromText } from '../sources/folders/path.ts';
import type { CanaryState } from './decision.ts';
import type { Canary } from './policy.ts';

interface Watched {
  readonly canary: Canary;
  state: CanaryState;
}

/** Watches for the canaries of a policy as files pass by. */
export class Canaries {
  readonly #byPath = new Map<string, Watched>();

  constructor(canaries: readonly Canary[]) {
    for (const canary of canaries) {
      const path = fromText(canary.path.replace(/^(?:\.\/)+/, ''));
      this.#byPath.set(path, { canary, state: 'missing' });
    }
  }

  /** @param path relative to its root */
  see(line: FileLine, path: string): void {
    const watched = this.#byPath.get(path);
    if (watched === undefined) return;
    const state = stateOf(line, watched.canary);
    // Under several roots the same canary stands in each; the worst counts.
    if (watched.state === 'missing' || state !== 'intact') watched.state = state;
  }

  states(): { readonly path: string; readonly state: CanaryState }[] {
    return [...this.#byPath.values()].map(({ canary: { path }, state }) => ({ path, state }));
  }
}

/** A hash says more than a verdict: the very bytes that were put there. */
function stateOf({ verdict, sha256, changed }: FileLine, canary: Canary): CanaryState {
  if (changed === true) return 'changed';
  if (canary.sha256 !== undefined) return sha256 === canary.sha256 ? 'intact' : 'changed';
  return verdict === 'intact' ? 'intact' : 'not intact';
}
