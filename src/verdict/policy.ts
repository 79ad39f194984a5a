/** What is demanded of a file before it counts as safe. */
export interface Policy {
  /** The largest floor, in bytes, with which a file may be `intact`. */
  readonly floor: number;
}

export const defaultPolicy: Policy = { floor: 4096 };

export type RestoreAdvice = 'yes' | 'review' | 'no';
