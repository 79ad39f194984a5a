import type { Meter } from '../../bytes/meter.ts';

/** Bytes that a filter may span (unrar, MAX_FILTER_BLOCK_SIZE). */
export const LONGEST_FILTER = 1 << 22;
const PIECE = 1 << 16;

/** Undoes on a block what the packer did to it, before it's given out. `position` counts in the file. */
export interface Filter {
  readonly start: number;
  readonly length: number;
  readonly apply: (block: Uint8Array, position: number) => Uint8Array;
}

/**
 * What was unpacked last, as matches refer to it, and on its way out the filters. Positions count from the beginning
 * of the first file that shares the history.
 */
export class History {
  position = 0;
  readonly #window: Uint8Array;
  readonly #mask: number;
  readonly #meter: Meter;
  #filters: Filter[] = [];
  #flushed = 0;
  /** From this position on there is something to give out. */
  #due = PIECE;
  #fileStart = 0;
  #sink: (output: Uint8Array) => unknown = () => {};

  /** @param size bytes that a match may reach back; a power of two */
  constructor(size: number, meter: Meter) {
    this.#window = new Uint8Array(Math.max(size, 2 * LONGEST_FILTER));
    this.#mask = this.#window.length - 1;
    this.#meter = meter;
  }

  /** What follows belongs to another file. */
  begin(sink: (output: Uint8Array) => unknown): void {
    this.#sink = sink;
    this.#fileStart = this.#flushed = this.position;
    this.#filters = [];
    this.#due = this.position + PIECE;
  }

  /** Bytes of the file at hand. */
  get length(): number {
    return this.position - this.#fileStart;
  }

  put(byte: number): void {
    this.#window[this.position & this.#mask] = byte;
    this.position++;
    if (this.position >= this.#due) this.#flush();
  }

  /** False where so much has not been unpacked, or is no longer there. */
  copy(distance: number, length: number): boolean {
    if (distance > this.position || distance > this.#window.length) return false;
    for (let i = 0; i < length; i++) this.put(this.#window[(this.position - distance) & this.#mask]!);
    return true;
  }

  /** False where filters stand in no order, or span too much. */
  addFilter(filter: Filter): boolean {
    const last = this.#filters.at(-1);
    const before = last === undefined ? this.#flushed : last.start + last.length;
    if (filter.length > LONGEST_FILTER || filter.start + filter.length > this.position + LONGEST_FILTER)
      return false;
    // The same block may go through several filters.
    if (filter.start < before && !(last?.start === filter.start && last.length === filter.length))
      return false;
    this.#filters.push(filter);
    return true;
  }

  /** Gives out the rest of a file. False where a filter waits for more. */
  end(): boolean {
    this.#flush();
    return this.#filters.length === 0 && this.#flushed === this.position;
  }

  #flush(): void {
    while (this.#flushed < this.position) {
      const [filter] = this.#filters;
      const end = Math.min(filter?.start ?? this.position, this.position);
      this.#giveUpTo(end);
      if (filter !== undefined && filter.start + filter.length > this.position) {
        this.#due = filter.start + filter.length;
        return;
      }
      if (filter !== undefined) this.#giveFiltered(filter);
    }
    this.#due = this.#flushed + PIECE;
  }

  #giveUpTo(end: number): void {
    while (this.#flushed < end) {
      const from = this.#flushed & this.#mask;
      const length = Math.min(end - this.#flushed, this.#window.length - from);
      this.#give(this.#window.subarray(from, from + length));
    }
  }

  #giveFiltered({ start, length }: Filter): void {
    let block = new Uint8Array(length);
    for (let i = 0; i < length; i++) block[i] = this.#window[(start + i) & this.#mask]!;
    while (this.#filters[0]?.start === start && this.#filters[0].length === length) {
      block = this.#filters.shift()!.apply(block, start - this.#fileStart) as Uint8Array<ArrayBuffer>;
    }
    this.#give(block);
  }

  #give(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#meter.produce(bytes.length);
    this.#flushed += bytes.length;
    this.#sink(bytes);
  }
}
