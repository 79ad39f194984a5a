import { BLOCK, COPY_SIZE, INPUT_SIZE, kernel } from './kernel.ts';
import {
  chiSquareOf,
  DEGREES,
  deviateAt,
  deviateOf,
  entropyFrom,
  entropyOf,
  type Limits,
  limitsFor,
  sumsOfSquares,
} from './uniform.ts';

/** Either tail: a block of random bytes is not called uniform with twice this probability. */
export const UNIFORM_P = 1e-6;
/** Blocks beyond this many bytes are not observed; `complete` then is false. */
export const MOST_BYTES = 2 ** 42;
/** Kept for each cell: 2 bytes. From 4 GiB on, a cell is more than one block. */
const MOST_CELLS = 2 ** 20;
const LEAST_FOR_UNIFORM = 64;

const ENTROPY_STEPS = 255 / 8;
const DEVIATE_STEPS = 8;
const UNIFORM_STEPS = Math.round(deviateAt(UNIFORM_P) * DEVIATE_STEPS);
const NOTHING = 0;
const LEAST = 1;
const MIDDLE = 128;
const MOST = 255;

/** Beyond these, X² is kept as the end of the scale: 14 deviates and more. */
const FAR_ABOVE = 700;
const FAR_BELOW = 60;

const wholeLimits = limitsFor(BLOCK, UNIFORM_P);
const wholeSums = sumsOfSquares(BLOCK, wholeLimits);
/** Nothing is between them. */
const noLimits: Limits = { lower: 1, upper: -1 };

/**
 * What the bytes of one file look like: whole, and by blocks of 4 KiB, in about 2 bytes a block and at most 2 MiB.
 * Reuse one for many files (`reset`): it then allocates only when a file is larger than those before.
 */
export class Statistics {
  /** Counts of byte values over all blocks observed. */
  readonly counts = new Float64Array(256);
  /** The same over blocks that are not uniform: what the file looks like apart from random parts. */
  readonly plainCounts = new Float64Array(256);
  #size = 0;
  #blocks = 0;
  #bytes = 0;
  #printable = 0;
  #zeros = 0;
  #uniform = 0;
  #blocksPerCell = 1;
  #seen = new Uint8Array(8);
  #entropies = new Uint8Array(64);
  #deviates = new Uint8Array(64);

  /** @param size of the file, in bytes */
  constructor(size: number) {
    this.reset(size);
  }

  reset(size: number): void {
    this.#size = size;
    this.#blocks = Math.ceil(Math.min(size, MOST_BYTES) / BLOCK);
    this.#blocksPerCell = 1;
    while (this.#blocks / this.#blocksPerCell > MOST_CELLS) this.#blocksPerCell *= 2;
    this.#bytes = this.#printable = this.#zeros = this.#uniform = 0;
    this.counts.fill(0);
    this.plainCounts.fill(0);
    const cells = Math.ceil(this.#blocks / this.#blocksPerCell);
    this.#entropies = cleared(this.#entropies, cells);
    this.#deviates = cleared(this.#deviates, cells);
    this.#seen = cleared(this.#seen, (this.#blocks + 7) >> 3);
  }

  /**
   * Takes in bytes of the file; blocks that were observed before are left out.
   * @param at a multiple of `BLOCK`
   * @param bytes whole blocks, or up to the file's end
   */
  observe(bytes: Uint8Array, at: number): void {
    if (at % BLOCK !== 0) throw new RangeError(`${at} is not the start of a block`);
    const most = bytes.buffer === kernel().input.buffer ? INPUT_SIZE : COPY_SIZE;
    const end = Math.min(bytes.length, MOST_BYTES - at);
    for (let from = 0; from < end; ) {
      const length = this.#unseen(at + from, Math.min(most, end - from));
      if (length > 0) this.#measure(bytes.subarray(from, from + length), (at + from) / BLOCK);
      from += length > 0 ? length : BLOCK;
    }
  }

  /** Bytes observed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether every byte of the file was observed. */
  get complete(): boolean {
    return this.#bytes === this.#size;
  }

  /** Blocks that the file has. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Blocks that look uniform. */
  get uniformBlocks(): number {
    return this.#uniform;
  }

  /** Shannon entropy of what was observed, in bits per byte. */
  get entropy(): number {
    return entropyOf(this.counts);
  }

  /** X² against uniform, 255 degrees of freedom. */
  get chiSquare(): number {
    let squares = 0;
    for (const count of this.counts) squares += count * count;
    return chiSquareOf(squares, this.#bytes);
  }

  /** Share of printable ASCII, tabs and line ends, from 0 to 1. */
  get printableShare(): number {
    return this.#bytes === 0 ? 0 : this.#printable / this.#bytes;
  }

  /** Share of zero bytes, from 0 to 1. */
  get zeroShare(): number {
    return this.#bytes === 0 ? 0 : this.#zeros / this.#bytes;
  }

  /**
   * Whether X² of this block lies where that of random bytes does, but for `UNIFORM_P` on either side. False for parts
   * shorter than 64 bytes and for what wasn't observed. In files over 4 GiB: whether one of the blocks kept together is.
   */
  isUniform(block: number): boolean {
    const steps = this.#deviates[this.#cellOf(block)] ?? NOTHING;
    return steps !== NOTHING && Math.abs(steps - MIDDLE) <= UNIFORM_STEPS;
  }

  /** Entropy of the block in bits per byte, to 0.02; the highest of those kept together; 0 where nothing was observed. */
  entropyOf(block: number): number {
    return (this.#entropies[this.#cellOf(block)] ?? 0) / ENTROPY_STEPS;
  }

  #cellOf(block: number): number {
    return Math.floor(block / this.#blocksPerCell);
  }

  /** How many of the bytes from `at` on belong to blocks not yet observed. */
  #unseen(at: number, length: number): number {
    const first = at / BLOCK;
    const blocks = Math.ceil(length / BLOCK);
    let block = first;
    while (block < first + blocks && (this.#seen[block >> 3]! & (1 << (block & 7))) === 0) block++;
    return Math.min(length, (block - first) * BLOCK);
  }

  /** The last block may be shorter; it has limits of its own. */
  #measure(bytes: Uint8Array, first: number): void {
    const rest = bytes.length % BLOCK;
    const whole = bytes.length - rest;
    if (whole > 0) {
      kernel().measure(rest === 0 ? bytes : bytes.subarray(0, whole), wholeSums.lower, wholeSums.upper);
      this.#take(whole, first, wholeLimits);
    }
    if (rest > 0) {
      const limits = rest < LEAST_FOR_UNIFORM ? noLimits : limitsFor(rest, UNIFORM_P);
      const { lower, upper } = sumsOfSquares(rest, limits);
      kernel().measure(whole === 0 ? bytes : bytes.subarray(whole), lower, upper);
      this.#take(rest, first + whole / BLOCK, limits);
    }
  }

  #take(length: number, first: number, limits: Limits): void {
    const { printable, zeros } = kernel();
    const blocks = Math.ceil(length / BLOCK);
    for (let i = 0; i < blocks; i++) {
      this.#printable += printable[i]!;
      this.#zeros += zeros[i]!;
      this.#keep(first + i, i, Math.min(BLOCK, length - i * BLOCK), limits);
    }
    addTotals(this.counts, this.plainCounts);
    this.#bytes += length;
  }

  #keep(block: number, slot: number, bytes: number, limits: Limits): void {
    const { squares, logs } = kernel();
    const cell = this.#cellOf(block);
    const steps = stepsOf(chiSquareOf(squares[slot]!, bytes), limits);
    if (Math.abs(steps - MIDDLE) <= UNIFORM_STEPS) this.#uniform++;
    const kept = this.#deviates[cell]!;
    if (kept === NOTHING || Math.abs(steps - MIDDLE) < Math.abs(kept - MIDDLE)) this.#deviates[cell] = steps;
    const entropy = Math.round(entropyFrom(logs[slot]!, bytes) * ENTROPY_STEPS);
    if (entropy > this.#entropies[cell]!) this.#entropies[cell] = entropy;
    this.#seen[block >> 3]! |= 1 << (block & 7);
  }
}

function addTotals(counts: Float64Array, plain: Float64Array): void {
  const { otherTotal, uniformTotal } = kernel();
  for (let b = 0; b < 256; b++) {
    const other = otherTotal[b]!;
    plain[b]! += other;
    counts[b]! += other + uniformTotal[b]!;
  }
}

/** The normal deviate of X² in eighths round the middle; where that is far off, the end of the scale. */
function stepsOf(x2: number, { lower, upper }: Limits): number {
  if (x2 > FAR_ABOVE) return MOST;
  if (x2 < FAR_BELOW) return LEAST;
  const steps = Math.round(deviateOf(x2, DEGREES) * DEVIATE_STEPS);
  if (x2 >= lower && x2 <= upper) return MIDDLE + Math.max(-UNIFORM_STEPS, Math.min(UNIFORM_STEPS, steps));
  return MIDDLE + (steps < 0 ? Math.min(-UNIFORM_STEPS - 1, steps) : Math.max(UNIFORM_STEPS + 1, steps));
}

function cleared(array: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length > array.length) return new Uint8Array(Math.max(length, Math.min(2 * array.length, MOST_CELLS)));
  array.fill(0, 0, length);
  return array;
}
