/** So many bytes are judged together; random ones among them show by a control and several bytes above ASCII. */
const WINDOW = 24;

/**
 * Counts what kinds of bytes one string has, as they stand in the file.
 *
 * PDF strings may hold any bytes (ISO 32000-1 §7.3.4). Text in PDFDocEncoding, in UTF-8 or in the legacy
 * encodings of East Asia has no control characters (those from 18 to 1F are accents in PDFDocEncoding).
 */
export class StringJudge {
  length = 0;
  /** Bytes that no text holds. */
  controls = 0;
  /** Bytes above ASCII. */
  high = 0;
  /** A control stands next to bytes above ASCII, as in random bytes, within one window. */
  random = false;
  #highBefore = 0;
  #controlsBefore = 0;
  #highAtWindow = 0;
  #controlsAtWindow = 0;

  reset(): void {
    this.length = this.controls = this.high = 0;
    this.#highBefore = this.#controlsBefore = this.#highAtWindow = this.#controlsAtWindow = 0;
    this.random = false;
  }

  feed(code: number): void {
    this.length++;
    if (code >= 0x7f) this.high++;
    else if (code < 0x18 && isControl(code)) this.controls++;
    if (this.length % (WINDOW / 2) === 0) this.#closeHalf();
  }

  /** Call at the end of the string. */
  finish(): void {
    this.#closeHalf();
  }

  /** Every byte is printable ASCII or spacing. */
  get ascii(): boolean {
    return this.controls === 0 && this.high === 0;
  }

  /** Windows overlap by half: each is the last half and the one before. */
  #closeHalf(): void {
    const high = this.high - this.#highBefore;
    const controls = this.controls - this.#controlsBefore;
    if (controls > 0 && high >= 3) this.random = true;
    this.#highBefore = this.#highAtWindow;
    this.#controlsBefore = this.#controlsAtWindow;
    this.#highAtWindow = this.high;
    this.#controlsAtWindow = this.controls;
  }
}

/** All below 18 but BS, TAB, LF, FF, CR, and the NUL that C programs leave at the end. */
function isControl(code: number): boolean {
  return !(code === 0 || (code >= 8 && code <= 10) || code === 12 || code === 13);
}
