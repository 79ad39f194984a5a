/** The plan can't be applied to this target, or no further. What was restored before is complete and verified. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
  readonly code = 'UNSCATHED_APPLY';
}
