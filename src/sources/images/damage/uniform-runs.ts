import type { Range } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import { BLOCK, kernel } from '../../../kernel/kernel.ts';
import { type Limits, limitsFor, sumsOfSquares } from '../../../kernel/uniform.ts';

/** Edges of runs are found to the sector. */
export const SECTOR = 512;
/** More runs aren't kept; an image with so many has no stripes that could be told. */
const MOST_RUNS = 1 << 21;
/** A random block falls outside with twice 10⁻⁶; a sector, with twice 10⁻³, as only the edges hang on it. */
const blockSums = sumsOfSquares(BLOCK, limitsFor(BLOCK, 1e-6));
const sectorSums = sumsOfSquares(SECTOR, limitsFor(SECTOR, 1e-3));

/** Runs of bytes that look uniformly random: overwritten by ciphertext, or compressed, or encrypted before. */
export interface UniformRuns {
  /** Sorted, apart from each other; edges are multiples of 512 bytes. */
  readonly runs: readonly Range[];
  /** Bytes that couldn't be read; they count as plain. */
  readonly unread: number;
  readonly isComplete: boolean;
}

/** Reads the whole source once, a mebibyte at a time. */
export function findUniformRuns(source: ByteSource, signal?: AbortSignal): UniformRuns {
  const { input } = kernel();
  const finder = new RunFinder(source);
  for (let at = 0; at < source.size; at += input.length) {
    signal?.throwIfAborted();
    finder.take(at, Math.min(input.length, source.size - at));
  }
  return finder.end();
}

class RunFinder {
  readonly #source: ByteSource;
  readonly #runs: Range[] = [];
  readonly #block = new Uint8Array(BLOCK);
  #start = -1;
  #unread = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  take(at: number, length: number): void {
    const { input, squares } = kernel();
    const bytes = input.subarray(0, length);
    if (!this.#read(bytes, at)) {
      this.#unread += length;
      this.#close(at);
      return;
    }
    kernel().measure(bytes, blockSums.lower, blockSums.upper);
    for (let i = 0, from = 0; from < length; i++, from += BLOCK) {
      const isUniform =
        length - from >= BLOCK ? isWithin(squares[i]!, blockSums) : this.#isTail(length - from, squares[i]!);
      if (isUniform && this.#start < 0) this.#start = at + from;
      if (!isUniform) this.#close(at + from);
    }
  }

  end(): UniformRuns {
    this.#close(this.#source.size);
    const runs = this.#runs.map((run, i) =>
      this.#refine(run, this.#runs[i - 1]?.end ?? 0, this.#runs[i + 1]?.start),
    );
    return { runs, unread: this.#unread, isComplete: this.#runs.length < MOST_RUNS };
  }

  #close(end: number): void {
    if (this.#start >= 0 && this.#runs.length < MOST_RUNS) this.#runs.push({ start: this.#start, end });
    this.#start = -1;
  }

  /** The last block may be short. */
  #isTail(length: number, squares: number): boolean {
    return length >= SECTOR && isWithin(squares, sumsOfSquares(length, limitsFor(length, 1e-6)));
  }

  #read(bytes: Uint8Array, at: number): boolean {
    try {
      return this.#source.read(bytes, at) === bytes.length;
    } catch {
      // Unreadable parts are known from the container's map; here they are no random bytes.
      return false;
    }
  }

  /** A stripe may begin or end inside of the blocks next to a run. */
  #refine({ start, end }: Range, before: number, after = this.#source.size): Range {
    return {
      start: start - SECTOR * this.#sectorsBefore(Math.max(before, start - BLOCK), start),
      end: end + SECTOR * this.#sectorsAfter(end, Math.min(after, end + BLOCK)),
    };
  }

  #sectorsBefore(from: number, to: number): number {
    const bytes = this.#block.subarray(0, to - from);
    if (bytes.length === 0 || !this.#read(bytes, from)) return 0;
    let count = 0;
    for (let at = bytes.length - SECTOR; at >= 0 && isRandomSector(bytes, at); at -= SECTOR) count++;
    return count;
  }

  #sectorsAfter(from: number, to: number): number {
    const bytes = this.#block.subarray(0, to - from);
    if (bytes.length === 0 || !this.#read(bytes, from)) return 0;
    let count = 0;
    for (let at = 0; at + SECTOR <= bytes.length && isRandomSector(bytes, at); at += SECTOR) count++;
    return count;
  }
}

function isRandomSector(bytes: Uint8Array, at: number): boolean {
  return isWithin(kernel().squaresOf(bytes.subarray(at, at + SECTOR)), sectorSums);
}

function isWithin(squares: number, { lower, upper }: Limits): boolean {
  return squares >= lower && squares <= upper;
}
