/** One part of the bench, in a file of its own. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Programs without which it's skipped. */
  readonly needs: readonly string[];
  /** Prints its figures, and says whether they reach what they have to. `scratch` is an empty folder, removed afterwards. */
  run(scratch: string): boolean | Promise<boolean>;
}
