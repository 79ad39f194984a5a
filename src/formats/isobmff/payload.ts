import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { walkNalUnits } from './nal.ts';
import { walkObus } from './obu.ts';
import type { Chunk } from './samples.ts';
import type { Description } from './track.ts';

/** Samples that are values as they are: PCM, uncompressed pictures, text. */
const rawTypes = new Set(
  [
    'raw ',
    'twos',
    'sowt',
    'lpcm',
    'in24',
    'in32',
    'fl32',
    'fl64',
    'NONE',
    'ipcm',
    'fpcm',
    'alaw',
    'ulaw',
  ].concat([
    '2vuy',
    'yuv2',
    'v210',
    'v308',
    'v408',
    'tx3g',
    'text',
    'tmcd',
    'rle ',
    'wvtt',
    'stpp',
    'c608',
    'c708',
    'mett',
  ]),
);

/** Framing notices only runs longer than a unit, and nothing in the last one: proof where units are short. */
const LONGEST_UNIT = 1000;

/** What is known of the samples of one track, gathered before anything is claimed: one floor holds for all of it. */
export class Payload {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #ranges: { start: number; end: number }[] = [];
  #longest = 0;
  #isFramed = true;
  #type = '';
  #scheme: string | null = null;

  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
  }

  /** Follows the samples of a chunk. The first that contradicts is noted; the others of the chunk are given up. */
  take(chunk: Chunk): void {
    const { description } = chunk;
    this.#type = description?.type ?? '';
    if (description?.scheme != null) this.#scheme = description.scheme;
    try {
      this.#follow(chunk);
      this.#keep(chunk);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#ledger.broken(error, chunk.end);
    }
  }

  #follow({ description, sizes, start }: Chunk): void {
    const walk = walkerFor(description);
    if (walk === null || sizes === null) {
      this.#isFramed = false;
      return;
    }
    let at = start;
    for (const size of sizes) {
      this.#longest = Math.max(this.#longest, walk(this.#reader, at, at + size));
      at += size;
    }
  }

  #keep({ start, end }: Range): void {
    const last = this.#ranges.at(-1);
    if (last?.end === start) last.end = end;
    else this.#ranges.push({ start, end });
  }

  /** Claims what was followed. */
  claim(): void {
    const isProved = this.#isFramed && this.#longest <= LONGEST_UNIT;
    for (const { start, end } of this.#ranges) {
      if (this.#scheme !== null) this.#ledger.protect(start, end, this.#scheme);
      else if (rawTypes.has(this.#type)) this.#ledger.raw(start, end, `samples, ${this.#type}`);
      else if (isProved) this.#ledger.account(start, end, 'structure', 'chain of units', this.#longest + 12);
      else this.#ledger.coded(start, end, `samples, ${this.#type || 'unknown'}`);
    }
  }
}

type Walk = (reader: Reader, start: number, end: number) => number;

function walkerFor(description: Description | undefined): Walk | null {
  if (description === undefined || description.scheme !== null) return null;
  const { nalLength, type } = description;
  if (nalLength > 0) return (reader, start, end) => walkNalUnits(reader, start, end, nalLength);
  return type === 'av01' ? walkObus : null;
}
