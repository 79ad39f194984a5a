import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Chunk } from './chunks.ts';
import type { Extent } from './image-header.ts';

/** One frame beyond the still image: its size, and where its data stand. */
export interface Frame {
  readonly extent: Extent;
  readonly parts: Range[];
}

/** Collects the frames of an animated PNG (PNG Third Edition §11.3.6) and watches their sequence numbers. */
export class Animation {
  readonly frames: Frame[] = [];
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  #expected = 0;

  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
  }

  take({ type, data }: Chunk): void {
    if (type === 'fcTL') this.#startFrame(data);
    else if (type === 'fdAT') this.#takeData(data);
  }

  #startFrame({ start, end }: Range): void {
    if (end - start !== 26) {
      this.#ledger.broken(new Broken(start, 'fcTL length', 26, end - start));
      return;
    }
    this.#takeNumber(start);
    const extent = { width: this.#reader.u32be(start + 4), height: this.#reader.u32be(start + 8) };
    this.frames.push({ extent, parts: [] });
  }

  #takeData({ start, end }: Range): void {
    const frame = this.frames.at(-1);
    if (frame === undefined || end - start < 4) {
      this.#ledger.broken(new Broken(start, 'fdAT', 'a sequence number behind an fcTL', 'none'));
      return;
    }
    this.#takeNumber(start);
    frame.parts.push({ start: start + 4, end });
  }

  #takeNumber(at: number): void {
    const found = this.#reader.u32be(at);
    if (found !== this.#expected) {
      this.#ledger.broken(new Broken(at, 'APNG sequence number', this.#expected, found));
    }
    this.#expected = found + 1;
  }
}
