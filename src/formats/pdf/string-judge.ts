/** Bytes of one half of the window over which a string is judged. */
const HALF = 12;
/** Of 24 uniform bytes 12 are above ASCII and 2 or 3 are controls; of text never both, some. */
const HIGH_OF_RANDOM = 5;

/**
 * Judges the bytes of one string while they're read: text of some encoding, or not.
 *
 * PDF strings may hold any bytes (ISO 32000-1 §7.3.4). Text in PDFDocEncoding, in UTF-8 or in the legacy
 * encodings of East Asia has no control characters; 24 random bytes have none with a probability of 8 %.
 */
export class StringJudge {
  /** Bytes of the string as it stands in the file. */
  length = 0;
  /** Bytes that no text holds: controls other than white space. */
  controls = 0;
  /** Bytes above ASCII. */
  high = 0;
  /** Number of half-overlapping windows that look uniform. */
  randomWindows = 0;
  #halfHigh = 0;
  #halfControls = 0;
  #lastHigh = 0;
  #lastControls = 0;

  reset(): void {
    this.length = this.controls = this.high = this.randomWindows = 0;
    this.#halfHigh = this.#halfControls = this.#lastHigh = this.#lastControls = 0;
  }

  feed(code: number): void {
    this.length++;
    if (code >= 0x7f) this.#halfHigh++;
    else if (code < 0x20 && !isSpacing(code)) this.#halfControls++;
    if (this.length % HALF === 0) this.#closeHalf();
  }

  /** Call at the end of the string: the last half window counts as well. */
  finish(): void {
    if (this.length % HALF >= HALF / 3 || this.length < HALF) this.#closeHalf();
    else this.#addHalf();
  }

  /** Every byte is printable ASCII or spacing. */
  get ascii(): boolean {
    return this.controls === 0 && this.high === 0;
  }

  /** What no text encoding of one or more bytes a character gives, over at least 16 bytes. */
  get random(): boolean {
    return this.randomWindows > 0;
  }

  #closeHalf(): void {
    const high = this.#halfHigh + this.#lastHigh;
    if (this.length >= 16 && high >= HIGH_OF_RANDOM && this.#halfControls + this.#lastControls > 0) {
      this.randomWindows++;
    }
    this.#lastHigh = this.#halfHigh;
    this.#lastControls = this.#halfControls;
    this.#addHalf();
  }

  #addHalf(): void {
    this.high += this.#halfHigh;
    this.controls += this.#halfControls;
    this.#halfHigh = this.#halfControls = 0;
  }
}

/** BS, TAB, LF, FF, CR, and the NUL that C programs leave at the end. */
function isSpacing(code: number): boolean {
  return code === 0 || (code >= 8 && code <= 10) || code === 12 || code === 13;
}
