import { entropyFrom } from './uniform.ts';

/** What the kernel says of one block, the plain way: the definition that the fast one is tested against. */
export interface BlockMeasure {
  /** Counts of the 256 byte values. */
  readonly counts: readonly number[];
  /** Σc². */
  readonly squares: number;
  readonly printable: number;
  readonly zeros: number;
  /** Shannon entropy in bits per byte. */
  readonly entropy: number;
}

export function measureBlock(bytes: Uint8Array): BlockMeasure {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]!++;
  const logs = counts.reduce((sum, c) => (c === 0 ? sum : sum + c * Math.log2(c)), 0);
  return {
    counts,
    squares: sumOfSquares(counts),
    printable: bytes.reduce((sum, byte) => sum + (isPrintable(byte) ? 1 : 0), 0),
    zeros: counts[0]!,
    entropy: entropyFrom(logs, bytes.length),
  };
}

export function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

export function sumOfSquares(counts: readonly number[]): number {
  return counts.reduce((sum, c) => sum + c * c, 0);
}

/** Σc² of the windows of `width` bytes that stand on multiples of it, one at the start and one at the end as well. */
export function windowSquares(bytes: Uint8Array, width: number, offset: number): number[] {
  const starts = new Set([0, bytes.length - width]);
  for (let at = (width - (offset % width)) % width; at + width <= bytes.length; at += width) starts.add(at);
  return [...starts].sort((a, b) => a - b).map((at) => measureBlock(bytes.subarray(at, at + width)).squares);
}

/** A run whose scores sum to more than a threshold: offsets in bytes, peak in the scores' unit. */
export interface ScoredRun {
  readonly start: number;
  readonly end: number;
  readonly peak: number;
}

/** CUSUM: a run begins where the sum leaves zero, ends at its peak, once the sum fell `fall` below it or to zero. */
export function sweepRuns(
  bytes: Uint8Array,
  scores: ArrayLike<number>,
  threshold: number,
  fall: number,
): ScoredRun[] {
  const runs: ScoredRun[] = [];
  let [sum, peak, start, end] = [0, 0, 0, 0];
  const close = () => {
    if (peak > threshold) runs.push({ start, end, peak });
  };
  bytes.forEach((byte, i) => {
    sum += scores[byte]!;
    if (sum > peak) [peak, end] = [sum, i + 1];
    else if (sum <= 0 || peak - sum >= fall) {
      close();
      [sum, peak, start] = [0, 0, i + 1];
    }
  });
  close();
  return runs;
}
