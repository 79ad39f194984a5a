/**
 * One encoding, read from start to end: gives each unit its cost (see `OddRuns`).
 * A scanner keeps what it needs of the units before; it reads one text only.
 */
export interface Scanner {
  /** Bytes of a unit. */
  readonly width: 1 | 2 | 4;
  /**
   * Fills `costs` for the whole units of `bytes` and returns how many there were; the rest is given again, with what
   * follows. With `last`, nothing follows.
   */
  scan(bytes: Uint8Array, last: boolean, costs: Int16Array): number;
}

/** An encoding of text. */
export interface Encoding {
  /** As the Encoding Standard (WHATWG) names it, where it does. */
  readonly name: string;
  /** The shortest run of random bytes, in bytes, that is noticed in text of this encoding (measured). */
  readonly floor: number;
  /** Bytes before the text: the byte order mark. */
  readonly mark: number;
  readonly scanner: (habits: ReadonlySet<number>) => Scanner;
}
