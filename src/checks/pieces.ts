import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';

/** Where a packed stream stands. It must end before `end`. */
export interface Packed extends Range {
  readonly reader: Reader;
}

/** Output of a decoder in pieces, each valid until the next one is asked for; at last what it found out. */
export type Pieces<Result = unknown> = Generator<Uint8Array, Result, undefined>;

/** Gives all pieces to `sink`. Null where a sink that returns false ended it. */
export function drain<Result>(pieces: Pieces<Result>, sink: (output: Uint8Array) => unknown): Result | null {
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return next.value;
    if (sink(next.value) !== false) continue;
    pieces.return(undefined as never);
    return null;
  }
}

/** Shows each piece to `watch` as it passes. */
export function* watched<Result>(
  pieces: Pieces<Result>,
  watch: (output: Uint8Array) => void,
): Pieces<Result> {
  try {
    for (;;) {
      const next = pieces.next();
      if (next.done === true) return next.value;
      watch(next.value);
      yield next.value;
    }
  } finally {
    pieces.return(undefined as never);
  }
}
