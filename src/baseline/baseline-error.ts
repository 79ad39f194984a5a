/** A list that is none of the forms that are known, or breaks off. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
  readonly code = 'UNSCATHED_BASELINE';
}
