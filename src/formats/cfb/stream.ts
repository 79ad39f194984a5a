import { Broken, Truncated } from '../../bytes/errors.ts';
import { JoinedSource } from '../../bytes/joined-source.ts';
import type { Meter } from '../../bytes/meter.ts';
import type { Range } from '../../bytes/range.ts';
import { Reader } from '../../bytes/reader.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Observation } from '../../ledger/observation.ts';

/** A stream, or what else stands in a chain of sectors: read and accounted for as if it were a file of its own. */
export class Stream {
  readonly path: readonly string[];
  readonly pieces: readonly Range[];
  readonly source: JoinedSource;
  readonly reader: Reader;
  readonly ledger: Ledger;

  readonly #outer: Stream | null;

  /** @param pieces where in the file, or in the outer stream, it stands, in its own order */
  constructor(
    file: ByteSource,
    meter: Meter,
    path: readonly string[],
    pieces: readonly Range[],
    outer: Stream | null = null,
  ) {
    this.path = path;
    this.#outer = outer;
    this.pieces = pieces;
    this.source = new JoinedSource(file, pieces);
    this.reader = new Reader(this.source, meter);
    this.ledger = new Ledger(this.source.size);
  }

  /** Pieces of a stream as one: what records hold that continue each other. */
  static within(outer: Stream, pieces: readonly Range[]): Stream {
    return new Stream(outer.source, outer.reader.meter, outer.path, pieces, outer);
  }

  get name(): string {
    return this.path.at(-1) ?? '';
  }

  /** In bytes; less than the directory says where its chain is broken. */
  get size(): number {
    return this.source.size;
  }

  /** Where in the file a range of the stream begins, and ends if it's in one piece. */
  inFile(start: number, end: number): Range {
    const [from, to] = [this.#offset(start), this.#offset(Math.max(start, end - 1)) + 1];
    const range = orEmpty({ start: from, end: to });
    return this.#outer === null ? range : this.#outer.inFile(range.start, range.end);
  }

  /** Enters into the file's ledger what this one says. */
  settle(ledger: Ledger): void {
    if (this.ledger.segments().length <= MOST_SEGMENTS) ledger.adoptPieces(this.ledger, this.pieces);
    else this.#settleCoarsely(ledger);
    for (const observation of this.ledger.observations) ledger.observe(this.#moved(observation));
    for (const member of this.ledger.members) ledger.member(member);
  }

  /** So many records would fill the ledger: contrast tells of them, too. */
  #settleCoarsely(ledger: Ledger): void {
    for (const { start, end } of this.pieces) ledger.raw(start, end, this.name);
  }

  #moved(observation: Observation): Observation {
    switch (observation.kind) {
      case 'broken': {
        const { end, ...rest } = observation;
        const at = this.#offset(observation.at);
        return end === undefined || end <= observation.at
          ? { ...rest, at }
          : { ...rest, at, end: Math.max(at, this.#offset(end - 1) + 1) };
      }
      case 'truncated':
      case 'oddity':
        return { ...observation, at: this.#offset(observation.at) };
      default:
        return {
          ...observation,
          ...orEmpty({ start: this.#offset(observation.start), end: this.#offset(observation.end - 1) + 1 }),
        };
    }
  }

  #offset(at: number): number {
    return this.source.offsetInWhole(Math.max(0, at));
  }
}

const MOST_SEGMENTS = 20_000;

/** Pieces may stand in any order: the end of a range can lie before its start. */
function orEmpty({ start, end }: Range): Range {
  return { start, end: Math.max(start, end) };
}

/** Runs a part of the verification; its contradictions are noted, and the next part goes on. */
export function attempt(ledger: Ledger, verify: () => void): boolean {
  try {
    verify();
    return true;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    // A structure that is larger than its stream is no sign of a file that was cut.
    if (error instanceof Truncated) {
      const { at, what, missing } = error;
      ledger.broken(
        new Broken(Math.min(at, ledger.size), what, `${missing} more bytes`, 'the end of the stream'),
      );
    } else ledger.broken(error);
    return false;
  }
}
