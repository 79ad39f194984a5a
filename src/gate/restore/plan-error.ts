/** A plan that can't be applied, as a whole: nothing was written. The message names line and field. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code = 'UNSCATHED_PLAN';
  /** From 1 on. */
  readonly line: number;
  /** As `path.text`; empty where the line as a whole is meant. */
  readonly field: string;

  constructor(line: number, field: string, what: string) {
    super(`line ${line}: ${field === '' ? '' : `${field}: `}${what}`);
    this.line = line;
    this.field = field;
  }
}
