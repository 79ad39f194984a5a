/** A policy that says something else than a policy can. The message names line and field. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'UNSCATHED_POLICY';
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
  /** As `verdicts.unproved` or `canaries[2].path`; empty for the policy as a whole. */
  readonly field: string;

  constructor(line: number, column: number, field: string, what: string) {
    super(`line ${line}, column ${column}: ${field === '' ? '' : `${field}: `}${what}`);
    this.line = line;
    this.column = column;
    this.field = field;
  }
}
