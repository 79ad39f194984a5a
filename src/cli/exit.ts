/** Exit codes of the command; scripts rely on them. */
export const exitCode = {
  /** Every file is safe to restore. */
  safe: 0,
  /** At least one file is encrypted, damaged or suspect. */
  unsafe: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** Something could not be read, so the answer is incomplete. */
  incomplete: 3,
  /** Interrupted; what was written is valid. */
  interrupted: 130,
} as const;

/** A call that can't be carried out as given: says what, where, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The report can't be written. What was written before is valid, but incomplete. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(where: string, cause: Error) {
    super(`cannot write to ${where}: ${cause.message}; the report is incomplete`, { cause });
  }
}
