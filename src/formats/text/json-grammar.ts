import { OverBudget } from '../../bytes/errors.ts';
import { JsonScan } from '../../checks/json-scan.ts';
import { type Fault, type Grammar, show } from './grammar.ts';
import { DEEPEST } from './nesting.ts';

const WHAT = 'JSON (RFC 8259)';

/** JSON (RFC 8259), checked exactly and in one pass. What honest writers also produce passes and is told as unusual. */
export class JsonGrammar implements Grammar {
  fault: Fault | null = null;
  readonly #scan = new JsonScan();

  /** @throws OverBudget */
  push(bytes: Uint8Array, at: number): void {
    if (this.fault !== null) return;
    const mark = at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const rest = mark === 0 ? bytes : bytes.subarray(mark);
    const taken = this.#scan.take(rest);
    if (taken < rest.length) this.#fail(at + mark + taken, rest[taken]!);
  }

  finish(end: number): void {
    if (this.fault !== null || this.#scan.isWhole) return;
    const { expected } = this.#scan;
    this.fault = { at: end, what: WHAT, expected, actual: 'end of text', isUnfinished: true };
  }

  oddity(): string | null {
    return this.#scan.oddity;
  }

  #fail(at: number, byte: number): void {
    if (this.#scan.isTooDeep) throw new OverBudget('nesting of a text', DEEPEST);
    this.fault = {
      at,
      what: WHAT,
      expected: this.#scan.expected,
      actual: show(byte),
      isUnfinished: false,
    };
  }
}
