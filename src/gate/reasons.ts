import type { ReportedPath } from '../report/line.ts';
import type { GateReason } from './decision.ts';
import type { Because } from './fate.ts';

/** In words, for one file and for several. */
type Words = readonly [one: string, many: string];

const files = (rest: string): Words => [`file ${rest}`, `files ${rest}`];
const filesAre = (rest: string): Words => [`file is ${rest}`, `files are ${rest}`];

/** What the gate gives as reasons, in order of weight; the first letters tell: H holds, Q leaves the question open. */
export const gateReasons = {
  H101: filesAre('encrypted'),
  H102: ['file bears marks of ransomware', 'files bear marks of ransomware'],
  H103: ['ransom note was found', 'ransom notes were found'],
  H104: ['canary is missing', 'canaries are missing'],
  H105: ['canary is not what it should be', 'canaries are not what they should be'],
  H106: filesAre('suspect'),
  H107: filesAre('damaged'),
  H108: filesAre('unproved'),
  H109: filesAre('of unknown type, not random anywhere'),
  H110: ['file is encrypted by its owner', 'files are encrypted by their owners'],
  H111: ['symbolic link is held', 'symbolic links are held'],
  H112: filesAre('intact, and yet held by the policy'),
  H113: ['file changed while it was examined', 'files changed while they were examined'],
  H114: files('could not be read'),
  H115: ['a smaller share is proved than the policy asks for', ''],
  Q201: files('could not be read'),
  Q202: ['file changed while it was examined', 'files changed while they were examined'],
  Q203: ['folder or part could not be read', 'folders or parts could not be read'],
  Q204: ['fewer files were found than the policy asks for', ''],
  Q205: ['the examination ended early', ''],
} as const satisfies Readonly<Record<string, Words>>;

export type GateCode = keyof typeof gateReasons;

const whenHeld: Readonly<Record<Because, GateCode>> = {
  encrypted: 'H101',
  family: 'H102',
  note: 'H103',
  suspect: 'H106',
  damaged: 'H107',
  unproved: 'H108',
  contrast: 'H109',
  protected: 'H110',
  links: 'H111',
  intact: 'H112',
  changed: 'H113',
  unread: 'H114',
};

export function codeWhenHeld(because: Because): GateCode {
  return whenHeld[because];
}

const MOST_EXAMPLES = 5;

/** Gathers reasons with a few examples each: memory doesn't grow with the number of files. */
export class Reasons {
  readonly #found = new Map<GateCode, { files: number; examples: ReportedPath[]; text: string | null }>();

  add(code: GateCode, path: ReportedPath): void {
    const reason = this.#at(code);
    reason.files++;
    if (reason.examples.length < MOST_EXAMPLES) reason.examples.push(path);
  }

  /** A reason that concerns no single file. */
  state(code: GateCode, text: string): void {
    this.#at(code).text = text;
  }

  get held(): boolean {
    return [...this.#found.keys()].some((code) => code.startsWith('H'));
  }

  get open(): boolean {
    return [...this.#found.keys()].some((code) => code.startsWith('Q'));
  }

  list(): GateReason[] {
    const found = [...this.#found].sort(([a], [b]) => (a < b ? -1 : 1));
    return found.map(([code, { files, examples, text }]) => ({
      code,
      text: text ?? gateReasons[code][files === 1 ? 0 : 1],
      files,
      examples,
    }));
  }

  #at(code: GateCode) {
    const reason = this.#found.get(code) ?? { files: 0, examples: [], text: null };
    this.#found.set(code, reason);
    return reason;
  }
}
