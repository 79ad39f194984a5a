import type { Ledger } from '../../ledger/ledger.ts';

/** 16 random bytes may pass for a name in a legacy encoding once in a thousand, 32 never did (measured). */
const SYNTAX_FLOOR = 32;

/** Accounts for syntax that is read in order, leaving out the pieces that syntax alone doesn't prove. */
export class GrammarPen {
  readonly #ledger: Ledger;
  readonly #by: string;
  #mark: number;

  constructor(ledger: Ledger, start: number, by: string) {
    this.#ledger = ledger;
    this.#mark = start;
    this.#by = by;
  }

  /** Everything up to `at` is proved by grammar. */
  upTo(at: number): void {
    if (at > this.#mark) this.#ledger.account(this.#mark, at, 'grammar', this.#by, SYNTAX_FLOOR);
    this.#mark = Math.max(this.#mark, at);
  }

  /** [start, end) isn't: it stays unaccounted, or another claims it. */
  leaveOut(start: number, end: number): void {
    this.upTo(start);
    this.#mark = Math.max(this.#mark, end);
  }
}
