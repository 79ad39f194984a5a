/** Bytes of a trial overwrite, and of a part that is tried. */
const OVERWRITE = 16;
const PART = 1024;
/** Trials of each part; where one passed, so many more, of which few may pass. */
const TRIALS = 4;
const MORE_TRIALS = 12;
const MOST_PASSED = 2;

/**
 * What a run of random bytes that covers a whole part would do, by trial. Let p be the chance that 16 random bytes in a
 * part pass: it's accepted with (1 − p)⁴ and a few terms that are smaller, and 64 times 16 bytes pass with p⁶⁴. Whatever p
 * is, both happen with less than 3·10⁻⁷. A run of 2,048 bytes covers a whole part.
 */
export const TRIED_FLOOR = 2 * PART;

/**
 * Writes random bytes into copies of a stream, in each of its parts in turn.
 * @param passes whether a stream like this would pass for an honest one
 * @returns whether all parts were accepted, so that the floor is `TRIED_FLOOR`
 */
export function noticesOverwrites(stream: Uint8Array, passes: (stream: Uint8Array) => boolean): boolean {
  const copy = Uint8Array.from(stream);
  const random = new Xorshift();
  const passesWith = (at: number): boolean => {
    const end = Math.min(at + OVERWRITE, stream.length);
    for (let i = at; i < end; i++) copy[i] = random.next();
    const result = passes(copy);
    copy.set(stream.subarray(at, end), at);
    return result;
  };
  for (let start = 0; start < stream.length; start += PART) {
    const places = Math.max(1, Math.min(PART, stream.length - start) - OVERWRITE);
    const tryOnce = () => passesWith(start + (random.word() % places));
    let passed = count(TRIALS, tryOnce);
    if (passed > 0) passed += count(MORE_TRIALS, tryOnce);
    if (passed > MOST_PASSED) return false;
  }
  return true;
}

function count(times: number, attempt: () => boolean): number {
  let passed = 0;
  for (let i = 0; i < times && passed <= MOST_PASSED; i++) if (attempt()) passed++;
  return passed;
}

/** Marsaglia 2003: the same numbers each time, so that a file is judged the same each time. */
class Xorshift {
  #state = 0x9e3779b9;

  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  next(): number {
    return this.word() >>> 24;
  }
}
