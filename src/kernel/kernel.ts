import { instantiate } from './instantiate.ts';
import { wasm } from './kernel.wasm.ts';
import { limitsFor, sumsOfSquares } from './uniform.ts';

/** Bytes of one block, the unit of the statistics. */
export const BLOCK = 4096;
/** Bytes that `kernel().input` holds. */
export const INPUT_SIZE = 1 << 20;
/** Bytes from elsewhere that one call takes: they're copied. */
export const COPY_SIZE = 1 << 16;
/** Widths in bytes of the windows that contrast is looked for in. */
export const widths = [64, 128, 256, 512, 1024, 2048] as const;
/** The probability that a window of random bytes contrasts, on either side. */
export const CONTRAST_P = 1e-9;

// As laid out in assembly/parts/layout.ts.
const at = {
  input: 0x100000,
  staging: 0x200000,
  uniformTotal: 0x11000,
  otherTotal: 0x11400,
  squares: 0x12000,
  printable: 0x12400,
  zeros: 0x12800,
  logs: 0x13000,
  contrastUpper: 0x14000,
  contrastLower: 0x14040,
  scores: 0x14400,
  background: 0x14800,
  run: 0x14c00,
  column: 0x14c20,
  byteCounts: 0x15000,
  pairCounts: 0x15400,
  bitCounts: 0x15800,
  cLogC: 0x18000,
} as const;

interface Exports {
  measure(from: number, length: number, lowest: number, highest: number): void;
  contrastWidth(from: number, length: number, phase: number): number;
  squaresOf(from: number, length: number): number;
  gatherBackground(from: number, length: number, lowest: number, highest: number): number;
  refineBackground(from: number, length: number): number;
  beginSweep(position: number): void;
  sweep(from: number, length: number, position: number, threshold: number): number;
  endSweep(threshold: number): number;
  clearTraits(): void;
  addTraits(from: number, length: number): void;
  clearFold(): void;
  addFold(from: number, length: number, granule: number): void;
  beginColumns(): void;
  narrowColumns(count: number, parts: number): void;
  measureColumns(first: number, width: number, count: number): void;
}

let shared: Kernel | undefined;

/** The kernel of this thread, made at the first call. */
export function kernel(): Kernel {
  shared ??= new Kernel();
  return shared;
}

/**
 * Byte statistics in WebAssembly. Views of results are overwritten by the next call of the method that fills them.
 *
 * Bytes that stand in `input` are used in place, at most `INPUT_SIZE` a call; others are copied, at most `COPY_SIZE`.
 */
export class Kernel {
  readonly #wasm = instantiate<Exports>(wasm);
  readonly #buffer = this.#wasm.memory.buffer;
  readonly #staging = new Uint8Array(this.#buffer, at.staging, COPY_SIZE);
  /** A window in the module's memory: read files straight into it. */
  readonly input = new Uint8Array(this.#buffer, at.input, INPUT_SIZE);
  /** For each block of the last `measure`: Σc². */
  readonly squares = new Uint32Array(this.#buffer, at.squares, 256);
  /** Bytes from 0x20 to 0x7e, tabs, line feeds and carriage returns. */
  readonly printable = new Uint32Array(this.#buffer, at.printable, 256);
  readonly zeros = new Uint32Array(this.#buffer, at.zeros, 256);
  /** Σ c·log2 c. */
  readonly logs = new Float64Array(this.#buffer, at.logs, 256);
  /** Histogram of the blocks of the last `measure` that looked uniform, and of the others. */
  readonly uniformTotal = new Uint32Array(this.#buffer, at.uniformTotal, 256);
  readonly otherTotal = new Uint32Array(this.#buffer, at.otherTotal, 256);
  /** Histogram that `gatherBackground` adds to. */
  readonly background = new Uint32Array(this.#buffer, at.background, 256);
  /** Score of each byte value for `sweep`, in 1/1024 nat. */
  readonly scores = new Int32Array(this.#buffer, at.scores, 256);
  /** The run that a sweep found: start and end in bytes, peak in nats. */
  readonly run = new Float64Array(this.#buffer, at.run, 3);
  /** Of the last `measureColumns`: Σc², bytes. */
  readonly column = new Uint32Array(this.#buffer, at.column, 2);
  /** Of `addTraits`: histogram of bytes; of pairs of high nibbles; one bits and changes of bits. */
  readonly byteCounts = new Uint32Array(this.#buffer, at.byteCounts, 256);
  readonly pairCounts = new Uint32Array(this.#buffer, at.pairCounts, 256);
  readonly bitCounts = new Uint32Array(this.#buffer, at.bitCounts, 2);

  constructor() {
    const table = new Float64Array(this.#buffer, at.cLogC, BLOCK + 1);
    for (let c = 1; c <= BLOCK; c++) table[c] = c * Math.log2(c);
    widths.forEach((width, i) => {
      const { lower, upper } = sumsOfSquares(width, limitsFor(width, CONTRAST_P));
      // Beyond the limits, not on them; 64 bytes have no lower limit.
      new Uint32Array(this.#buffer, at.contrastUpper, 6)[i] = upper + 1;
      new Uint32Array(this.#buffer, at.contrastLower, 6)[i] = Math.max(0, lower - 1);
    });
  }

  /** Measures blocks, the last of which may be shorter; those whose Σc² lies in [lowest, highest] count as uniform. */
  measure(bytes: Uint8Array, lowest: number, highest: number): void {
    this.#wasm.measure(this.#place(bytes), bytes.length, lowest, highest);
  }

  /**
   * The smallest of `widths` at which every window of these 64 to 8,191 bytes contrasts; 0 where none does.
   * @param offset of the first byte in the file: windows stand on multiples of their width
   */
  contrastWidth(bytes: Uint8Array, offset: number): number {
    return this.#wasm.contrastWidth(this.#place(bytes), bytes.length, offset % 2048);
  }

  /** Σc² of at most 4,096 bytes. */
  squaresOf(bytes: Uint8Array): number {
    return this.#wasm.squaresOf(this.#place(bytes), bytes.length);
  }

  /** Adds the windows of 512 bytes whose Σc² lies outside of [lowest, highest] to `background`; returns bytes added. */
  gatherBackground(bytes: Uint8Array, lowest: number, highest: number): number {
    return this.#wasm.gatherBackground(this.#place(bytes), bytes.length, lowest, highest);
  }

  /** Fills `background` anew with the windows of 64 bytes whose scores sum to less than zero; returns bytes added. */
  refineBackground(bytes: Uint8Array): number {
    return this.#wasm.refineBackground(this.#place(bytes), bytes.length);
  }

  beginSweep(position: number): void {
    this.#wasm.beginSweep(position);
  }

  /**
   * Sums scores, never below zero, over bytes from `position` of the file. Returns bytes swept until a run ended whose
   * peak was above `threshold` nats: it's in `run`; or −1 when none did. Sums go on with the next call.
   */
  sweep(bytes: Uint8Array, position: number, threshold: number): number {
    const swept = this.#wasm.sweep(this.#place(bytes), bytes.length, position, threshold * 1024);
    return swept > bytes.length ? -1 : swept;
  }

  /** Whether a run was open at the end of the data: it's in `run`. */
  endSweep(threshold: number): boolean {
    return this.#wasm.endSweep(threshold * 1024) !== 0;
  }

  clearTraits(): void {
    this.#wasm.clearTraits();
  }

  /** Adds to `byteCounts`, `pairCounts`, `bitCounts`; an odd last byte is left out. */
  addTraits(bytes: Uint8Array): void {
    this.#wasm.addTraits(this.#place(bytes), bytes.length & ~1);
  }

  clearFold(): void {
    this.#wasm.clearFold();
  }

  /** Deals granules of 8 bytes to 192 residues; `granule` is the number of the first. At most 64 KiB until `clearFold`. */
  addFold(bytes: Uint8Array, granule: number): void {
    this.#wasm.addFold(this.#place(bytes), bytes.length, granule % 192);
  }

  /** Makes 192 columns of the residues: a period of 1,536 bytes. */
  beginColumns(): void {
    this.#wasm.beginColumns();
  }

  /** Sums the columns to `count`, `parts` of them each: a period of 8·count bytes. */
  narrowColumns(count: number, parts: number): void {
    this.#wasm.narrowColumns(count, parts);
  }

  /** Measures `width` neighbouring columns from `first`, round the period, into `column`. */
  measureColumns(first: number, width: number, count: number): void {
    this.#wasm.measureColumns(first, width, count);
  }

  #place(bytes: Uint8Array): number {
    if (bytes.buffer === this.#buffer) return bytes.byteOffset;
    if (bytes.length > COPY_SIZE) throw new RangeError(`${bytes.length} bytes are more than ${COPY_SIZE}`);
    this.#staging.set(bytes);
    return at.staging;
  }
}
