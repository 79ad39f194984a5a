export interface CacheOptions {
  /** Made anew at the end of each complete scan. Keep it where nobody else can write. */
  readonly file: string;
  /** Also takes a file for the same whose time of change is another: that proves nothing where times may be forged. */
  readonly trustMtime?: boolean;
}
