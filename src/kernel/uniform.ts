/**
 * What uniformly random bytes look like. For n bytes with counts c, X² = 256·Σc²/n − n; for random bytes it follows
 * chi-square with 255 degrees of freedom where n is large. docs/statistics.md derives what stands here.
 */

/** The limits between which X² of uniformly random bytes lies. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
}

/** Degrees of freedom of a histogram of bytes. */
export const DEGREES = 255;

/** Probabilities for which limits are known, of either tail, and their normal deviates. */
const deviates = { 1e-3: 3.0902, 1e-4: 3.719, 1e-6: 4.7534, 1e-9: 5.9978 } as const;
export type TailProbability = keyof typeof deviates;

/**
 * Exact limits for few bytes, from the distribution of Σc² over 256 equally likely bytes: n, then lower and upper X² for
 * 10⁻³, 10⁻⁴, 10⁻⁶, 10⁻⁹. Lower ones below 64 bytes don't exist: all bytes different is nothing unusual there.
 */
const exact: readonly (readonly [bytes: number, ...x2: number[]])[] = [
  [32, 0, 368, 0, 400, 0, 480, 0, 624],
  [48, 0, 357.3, 0, 389.3, 0, 453.3, 0, 570.7],
  [64, 0, 352, 0, 376, 0, 432, 0, 536],
  [96, 192, 346.7, 181.3, 368, 170.7, 416, 154.7, 496],
  [128, 192, 340, 180, 364, 168, 404, 152, 476],
  [192, 192, 338.7, 181.3, 357.3, 165.3, 397.3, 146.7, 453.3],
  [256, 192, 336, 180, 356, 164, 392, 146, 444],
  [384, 190.7, 334.7, 180, 353.3, 162.7, 386.7, 144, 433.3],
  [512, 191, 333, 180, 352, 163, 384, 143, 428],
  [768, 190.7, 332.7, 180, 350.7, 162, 382, 142.7, 423.3],
  [1024, 191, 332, 179.5, 349.5, 162, 380.5, 142.5, 421],
  [2048, 191, 331.2, 179.5, 348.8, 161.8, 378.8, 142.2, 417.8],
  [4096, 191, 330.8, 179.4, 348, 161.7, 377.9, 141.9, 416],
];

const places: Readonly<Record<TailProbability, number>> = { 1e-3: 1, 1e-4: 3, 1e-6: 5, 1e-9: 7 };

/** Limits that X² of `bytes` random bytes exceeds with probability `p` on either side. Below 32 bytes: none. */
export function limitsFor(bytes: number, p: TailProbability): Limits {
  const next = exact.findIndex(([n]) => n >= bytes);
  if (next < 0)
    return { lower: chiSquareAt(-deviates[p], DEGREES), upper: chiSquareAt(deviates[p], DEGREES) };
  if (bytes < exact[0]![0]) return { lower: 0, upper: Number.POSITIVE_INFINITY };
  return between(exact[Math.max(0, next - 1)]!, exact[next]!, bytes, places[p]);
}

/** The wider of the neighbours' limits, so that the probability is never larger than asked. */
function between(a: readonly number[], b: readonly number[], bytes: number, place: number): Limits {
  if (b[0] === bytes) return { lower: b[place]!, upper: b[place + 1]! };
  return { lower: Math.min(a[place]!, b[place]!), upper: Math.max(a[place + 1]!, b[place + 1]!) };
}

/** The chi-square value at a normal deviate (Wilson & Hilferty 1931). Exact to 0.1 from 100 degrees on. */
export function chiSquareAt(deviate: number, degrees: number): number {
  const v = 2 / (9 * degrees);
  return degrees * (1 - v + deviate * Math.sqrt(v)) ** 3;
}

/** The normal deviate of a chi-square value; the inverse of `chiSquareAt`. */
export function deviateOf(x2: number, degrees: number): number {
  const v = 2 / (9 * degrees);
  return (Math.cbrt(x2 / degrees) - (1 - v)) / Math.sqrt(v);
}

/** The normal deviate that random data exceeds with probability `p`. */
export function deviateAt(p: TailProbability): number {
  return deviates[p];
}

/** X² against uniform of `bytes` bytes whose counts have this sum of squares. */
export function chiSquareOf(sumOfSquares: number, bytes: number): number {
  return bytes === 0 ? 0 : (256 * sumOfSquares) / bytes - bytes;
}

/** The sums of squares of counts that belong to limits of X². */
export function sumsOfSquares(bytes: number, { lower, upper }: Limits): Limits {
  const scale = bytes / 256;
  return {
    lower: Math.max(0, Math.ceil((lower + bytes) * scale)),
    upper: Number.isFinite(upper) ? Math.max(0, Math.floor((upper + bytes) * scale)) : 2 ** 32 - 1,
  };
}

/** Shannon entropy in bits per byte, as counted; `logs` is Σ c·log2 c. */
export function entropyFrom(logs: number, bytes: number): number {
  return bytes === 0 ? 0 : Math.max(0, Math.log2(bytes) - logs / bytes);
}

export function entropyOf(counts: ArrayLike<number>): number {
  let bytes = 0;
  let logs = 0;
  for (let b = 0; b < counts.length; b++) {
    const c = counts[b]!;
    bytes += c;
    if (c > 1) logs += c * Math.log2(c);
  }
  return entropyFrom(logs, bytes);
}
