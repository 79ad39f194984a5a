import type { Range } from '../../../../bytes/range.ts';
import { lastAtMost } from '../../../../bytes/search.ts';
import type { Ground } from './ground.ts';
import { endOfAttributes, type Health, undoFixups } from './record.ts';
import type { Runs } from './runs.ts';

/** The records of the master file table, wherever they stand. */
export interface Records {
  /** Records have numbers below this. */
  readonly count: number;
  /** A record with its fix-ups undone, up to where its attributes end; not to be written to. Null unless it's whole. */
  record(number: number): Uint8Array | null;
  health(number: number): Health;
  /** Where it stands in the volume: one range, unless clusters are smaller than records. */
  place(number: number): Range[];
}

interface Page {
  /** Null for those that aren't whole. */
  readonly records: readonly (Uint8Array | null)[];
  readonly health: readonly Health[];
}

const PAGE = 1 << 16;
/** Pages that are read at once while records are asked for in order. */
const AHEAD = 4;
/** Of 32 MiB of records at most: as a rule all of one folder's stand close together. */
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
  /** What was read last, before it's made ready. */
  #read = new Uint8Array(0);
  #latest = -1;
  #page: Page = { records: [], health: [] };

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
    return this.#find(Math.floor(number / this.#perPage)).records[number % this.#perPage]!;
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
    const held = this.#pages.get(index);
    if (held !== undefined) this.#pages.delete(index);
    const page = held ?? this.#load(index);
    this.#pages.set(index, page);
    while (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value!);
    this.#latest = index;
    this.#page = page;
    return page;
  }

  #load(index: number): Page {
    const pages = index === this.#latest + 1 ? AHEAD : 1;
    const first = index * this.#perPage;
    const count = Math.min(pages * this.#perPage, this.count - first);
    const bytes = this.#roomFor(count * this.#recordSize);
    this.#fill(bytes, first * this.#recordSize);
    const pageSize = this.#perPage * this.#recordSize;
    for (let i = 1; i * this.#perPage < count; i++) {
      const further = bytes.subarray(i * pageSize, (i + 1) * pageSize);
      if (!this.#pages.has(index + i)) this.#pages.set(index + i, this.#prepare(further));
    }
    return this.#prepare(bytes.subarray(0, pageSize));
  }

  #roomFor(length: number): Uint8Array {
    if (this.#read.length < length) this.#read = new Uint8Array(length);
    return this.#read.subarray(0, length);
  }

  /** Keeps what records use of their places, less than half as a rule: fresh memory costs more than copying does. */
  #prepare(bytes: Uint8Array): Page {
    const size = this.#recordSize;
    const health: Health[] = [];
    const ends: number[] = [];
    let used = 0;
    for (let at = 0; at < bytes.length; at += size) {
      const record = bytes.subarray(at, at + size);
      const found = undoFixups(record, 'FILE');
      const end = found === 'good' ? endOfAttributes(record) : 0;
      health.push(found);
      ends.push(end);
      used += end;
    }
    // Not zeroed, as all of it is written; and no Buffer, whose views take longer to make.
    const kept = new Uint8Array(Buffer.allocUnsafeSlow(used).buffer);
    let at = 0;
    const records = ends.map((end, i) => {
      if (end === 0) return null;
      kept.set(bytes.subarray(i * size, i * size + end), at);
      at += end;
      return kept.subarray(at - end, at);
    });
    return { records, health };
  }

  /** Records that can't be read stay zero, those next to them don't. */
  #fill(bytes: Uint8Array, start: number): void {
    for (const { from, at, length } of this.#pieces(start, start + bytes.length)) {
      const part = bytes.subarray(from, from + length);
      if (at < 0) part.fill(0);
      if (at < 0) continue;
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
