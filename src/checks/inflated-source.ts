import { Broken, ReadError } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import { type Checkpoint, type DeflateKind, Inflater } from './inflater.ts';

const MOST_CHECKPOINTS = 32;
const FIRST_SPACING = 4 << 20;

/**
 * What a deflate stream unpacks to, as a source in bounded memory: reads that go forward decode on; those that go
 * back resume at the last checkpoint before (32 of about 90 KiB each). Every byte decoded is metered.
 */
export class InflatedSource implements ByteSource {
  readonly size: number;
  readonly #inflater: Inflater;
  readonly #checkpoints: Checkpoint[];
  #spacing = FIRST_SPACING;
  #piece: Uint8Array = new Uint8Array(0);
  #pieceStart = 0;

  /**
   * @param size what a pass over the whole stream gave, in bytes
   * @param reader keep it for this source alone: it is read from while the member is
   */
  constructor(reader: Reader, start: number, end: number, size: number, kind: DeflateKind = 'deflate') {
    this.size = size;
    this.#inflater = new Inflater(reader, start, end, kind);
    this.#checkpoints = [this.#inflater.checkpoint()];
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    if (wanted === 0) return 0;
    if (at < this.#pieceStart || at > this.#inflater.produced + this.#spacing) this.#jump(at);
    for (let done = 0; done < wanted; ) {
      const from = at + done - this.#pieceStart;
      if (from >= this.#piece.length) {
        this.#pull();
        continue;
      }
      const part = this.#piece.subarray(from, from + wanted - done);
      into.set(part, done);
      done += part.length;
    }
    return wanted;
  }

  close(): void {
    this.#inflater.close();
  }

  #jump(at: number): void {
    const nearest = this.#checkpoints.findLast(({ produced }) => produced <= at)!;
    const goesBack = at < this.#pieceStart;
    if (!goesBack && nearest.produced <= this.#inflater.produced) return;
    this.#inflater.resume(nearest);
    this.#pieceStart = nearest.produced;
    this.#piece = new Uint8Array(0);
  }

  #pull(): void {
    this.#keepCheckpoint();
    this.#pieceStart = this.#inflater.produced;
    const piece = this.#next();
    if (piece === null)
      throw new ReadError(this.#pieceStart, 'the packed bytes changed while they were read');
    this.#piece = piece;
  }

  /** The stream was decoded once before: a contradiction now is the storage's. */
  #next(): Uint8Array | null {
    try {
      return this.#inflater.next();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      throw new ReadError(this.#pieceStart, 'the packed bytes changed while they were read', error);
    }
  }

  #keepCheckpoint(): void {
    const { produced } = this.#inflater;
    if (produced < this.#checkpoints.at(-1)!.produced + this.#spacing) return;
    this.#checkpoints.push(this.#inflater.checkpoint());
    if (this.#checkpoints.length < MOST_CHECKPOINTS) return;
    const every2nd = this.#checkpoints.filter((_, i) => i % 2 === 0);
    this.#checkpoints.splice(0, this.#checkpoints.length, ...every2nd);
    this.#spacing *= 2;
  }
}
