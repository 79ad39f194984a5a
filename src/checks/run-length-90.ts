/** What stands for itself where no count other than 0 follows it. */
const MARK = 0x90;

/** Undoes the run lengths of ARC and BinHex: a byte, 0x90, and how often the byte stands there; 0x90 0 is 0x90 itself. */
export class RunLength90 {
  readonly #put: (byte: number) => void;
  #last = 0;
  #isMarked = false;

  constructor(put: (byte: number) => void) {
    this.#put = put;
  }

  take(byte: number): void {
    if (this.#isMarked) {
      this.#isMarked = false;
      if (byte === 0) this.#put(MARK);
      for (let i = 1; i < byte; i++) this.#put(this.#last);
    } else if (byte === MARK) this.#isMarked = true;
    else {
      this.#last = byte;
      this.#put(byte);
    }
  }
}
