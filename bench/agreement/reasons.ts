export interface Reason {
  readonly outcome: 'only we accept' | 'only we reject';
  /** Only of this tester; of any without. */
  readonly tester?: string;
  /** Beginnings of paths relative to the corpus. */
  readonly paths: readonly string[];
  readonly why: string;
}

/** Why we and a tester disagree. A disagreement without a row counts as unexplained. */
export const reasons: readonly Reason[] = [];
