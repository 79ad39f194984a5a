/** The plan can't be applied to this target, or no further. What was restored before is complete and verified. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
  readonly code = 'UNSCATHED_APPLY';
  /** Whether files may have been restored before. */
  readonly begun: boolean;

  constructor(message: string, begun = false) {
    super(message);
    this.begun = begun;
  }
}
