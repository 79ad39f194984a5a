/** The file's bytes contradict its format. A finding about that file, never a failure of the scan. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly code = 'UNSCATHED_BROKEN';
  /** Offset in bytes at which the contradiction was seen. */
  readonly at: number;
  /** The part of the format that failed, in its specification's words: `IHDR length`. */
  readonly what: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;

  constructor(at: number, what: string, expected?: string | number, actual?: string | number) {
    super(`${what} at byte ${at}${expected === undefined ? '' : `: expected ${expected}, found ${actual}`}`);
    this.at = at;
    this.what = what;
    this.expected = expected === undefined ? undefined : String(expected);
    this.actual = actual === undefined ? undefined : String(actual);
  }
}

/** The structure reaches beyond the end of the bytes: the file was cut short, or a length field lies. */
export class Truncated extends Broken {
  /** How many bytes are missing, at least. */
  readonly missing: number;

  constructor(at: number, what: string, missing: number) {
    super(at, what, `${missing} more bytes`, 'end of file');
    this.missing = missing;
  }
}

/** A limit that keeps a hostile file from stopping the scan was reached. The file stays unproved. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
  readonly code = 'UNSCATHED_OVER_BUDGET';
  readonly limit: string;

  constructor(limit: string, allowed: number) {
    super(`limit reached: ${limit} (${allowed})`);
    this.limit = limit;
  }
}

/** The storage refused to give the bytes: an I/O error, a permission, a file that shrank while it was read. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
  readonly code = 'UNSCATHED_READ_ERROR';
  readonly at: number;

  constructor(at: number, why: string, cause?: unknown) {
    super(`cannot read at byte ${at}: ${why}`, cause === undefined ? undefined : { cause });
    this.at = at;
  }
}
