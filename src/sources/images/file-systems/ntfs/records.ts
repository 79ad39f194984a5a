import type { Range } from '../../../../bytes/range.ts';
import { lastAtMost } from '../../../../bytes/search.ts';
import type { Ground } from './ground.ts';
import { type Health, undoFixups } from './record.ts';
import type { Runs } from './runs.ts';

/** The records of the master file table, wherever they stand. */
export interface Records {
  /** Records have numbers below this. */
  readonly count: number;
  /** A record with its fix-ups undone, not to be written to; null unless it's whole. */
  record(number: number): Uint8Array | null;
  health(number: number): Health;
  /** Where it stands in the volume: one range, unless clusters are smaller than records. */
  place(number: number): Range[];
}

interface Page {
  readonly bytes: Uint8Array;
  readonly health: readonly Health[];
}

const PAGE = 1 << 16;
/** 32 MiB of records: as a rule all of one folder's stand close together. */
const MOST_PAGES = 512;
/** Numbers of records are kept in 32 bits. */
const MOST_RECORDS = 2 ** 31 - 2;

/** The master file table by its own runs, read in pages whose records are all made ready at once. */
export class MasterFileTable implements Records {
  readonly count: number;
  readonly #ground: Ground;
  readonly #recordSize: number;
  readonly #perPage: number;
  readonly #starts: Float64Array;
  readonly #runs: Runs;
  readonly #pages = new Map<number, Page>();
  #latest = -1;
  #page: Page = { bytes: new Uint8Array(0), health: [] };

  /** @param size bytes of the table that were ever written */
  constructor(ground: Ground, runs: Runs, size: number) {
    const { recordSize, clusterSize } = ground.geometry;
    this.#ground = ground;
    this.#runs = runs;
    this.#recordSize = recordSize;
    this.#perPage = Math.max(1, PAGE / recordSize);
    this.#starts = Float64Array.from(runs.starts);
    const whole = Math.min(size, runs.end * clusterSize);
    this.count = Math.min(Math.floor(whole / recordSize), MOST_RECORDS);
  }

  record(number: number): Uint8Array | null {
    if (!(number >= 0 && number < this.count)) return null;
    const page = this.#find(Math.floor(number / this.#perPage));
    const i = number % this.#perPage;
    if (page.health[i] !== 'good') return null;
    return page.bytes.subarray(i * this.#recordSize, (i + 1) * this.#recordSize);
  }

  health(number: number): Health {
    if (!(number >= 0 && number < this.count)) return 'absent';
    return this.#find(Math.floor(number / this.#perPage)).health[number % this.#perPage]!;
  }

  place(number: number): Range[] {
    const start = number * this.#recordSize;
    const places: Range[] = [];
    for (const { at, length } of this.#pieces(start, start + this.#recordSize)) {
      if (at >= 0) places.push({ start: at, end: at + length });
    }
    return places;
  }

  #find(index: number): Page {
    if (index === this.#latest) return this.#page;
    let page = this.#pages.get(index);
    if (page === undefined) page = this.#load(index);
    else this.#pages.delete(index);
    this.#pages.set(index, page);
    if (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value!);
    this.#latest = index;
    this.#page = page;
    return page;
  }

  #load(index: number): Page {
    const first = index * this.#perPage;
    const count = Math.min(this.#perPage, this.count - first);
    const bytes = new Uint8Array(count * this.#recordSize);
    this.#fill(bytes, first * this.#recordSize);
    const health = Array.from({ length: count }, (_, i) =>
      undoFixups(bytes.subarray(i * this.#recordSize, (i + 1) * this.#recordSize), 'FILE'),
    );
    return { bytes, health };
  }

  /** Records that can't be read stay zero, those next to them don't. */
  #fill(bytes: Uint8Array, start: number): void {
    for (const { from, at, length } of this.#pieces(start, start + bytes.length)) {
      if (at < 0) continue;
      const part = bytes.subarray(from, from + length);
      if (this.#ground.tryRead(part, at)) continue;
      for (let i = 0; i < length; i += this.#recordSize) {
        const one = part.subarray(i, i + this.#recordSize);
        if (!this.#ground.tryRead(one, at + i)) one.fill(0).set(BAD);
      }
    }
  }

  /** The pieces of a range of the table, one as a rule: `from` counts from its start, `at` in the volume; −1 in a hole. */
  #pieces(start: number, end: number): { from: number; at: number; length: number }[] {
    const { clusterSize } = this.#ground.geometry;
    const pieces: { from: number; at: number; length: number }[] = [];
    for (let at = start; at < end; ) {
      const run = lastAtMost(this.#starts, Math.floor(at / clusterSize));
      const inRun = at - this.#runs.starts[run]! * clusterSize;
      const length = Math.min(end - at, this.#runs.lengths[run]! * clusterSize - inRun);
      const place = this.#runs.places[run]!;
      pieces.push({ from: at - start, at: place < 0 ? -1 : place * clusterSize + inRun, length });
      at += length;
    }
    return pieces;
  }
}

/** What stands for a record that can't be read: known to be lost, as one that checkdisk gave up. */
const BAD = Buffer.from('BAAD');
