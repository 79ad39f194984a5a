import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { SquashCodec } from './codecs.ts';

export const METADATA = 8192;
/** The bit of a data block's size that says it isn't packed. */
const STORED = 1 << 24;
const MOST_TABLE = 64 << 20;

/** Reads blocks and accounts for them. */
export class SquashBlocks {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly #codec: SquashCodec;

  constructor(reader: Reader, ledger: Ledger, codec: SquashCodec) {
    this.reader = reader;
    this.ledger = ledger;
    this.#codec = codec;
  }

  /** A metadata block: 16 bits of length, the top one where it isn't packed (§1.2). Gives its end, too. */
  metadata(at: number, limit: number): { readonly bytes: Uint8Array; readonly end: number } {
    const head = this.reader.u16le(at, 'metadata block');
    const end = at + 2 + (head & 0x7fff);
    if (end > limit || end === at + 2)
      throw new Broken(at, 'length of a metadata block', `at most ${limit - at}`, head & 0x7fff);
    this.ledger.account(at, at + 2, 'structure', 'length of a metadata block');
    if ((head & 0x8000) !== 0) {
      const bytes = this.reader.copy(at + 2, end - at - 2, 'metadata block');
      this.ledger.raw(at + 2, end, 'metadata that isn’t packed');
      return { bytes, end };
    }
    return { bytes: this.#unpack(at + 2, end, METADATA), end };
  }

  /** Blocks that follow each other up to `limit`, joined; `starts` tells where each begins in the result. */
  table(start: number, limit: number): { readonly bytes: Buffer; readonly starts: Map<number, number> } {
    const parts: Uint8Array[] = [];
    const starts = new Map<number, number>();
    let length = 0;
    for (let at = start; at < limit; ) {
      this.reader.meter.step();
      starts.set(at - start, length);
      const { bytes, end } = this.metadata(at, limit);
      parts.push(bytes);
      length += bytes.length;
      if (length > MOST_TABLE) throw new Broken(at, 'length of a table', `at most ${MOST_TABLE}`, length);
      at = end;
    }
    return { bytes: Buffer.concat(parts), starts };
  }

  /** A block of data with its size as the inode or the fragment table has it. */
  data(at: number, size: number, most: number): Uint8Array {
    const end = at + (size & (STORED - 1));
    if (end > this.reader.size) this.reader.bytes(this.reader.size, 1, 'data block');
    if ((size & STORED) === 0) return this.#unpack(at, end, most);
    this.ledger.raw(at, end, 'data that aren’t packed');
    return this.reader.copy(at, end - at, 'data block');
  }

  #unpack(start: number, end: number, most: number): Uint8Array {
    const bytes = this.#codec.unpack(this.reader, { start, end }, most);
    const { proof, title, floor } = this.#codec;
    this.ledger.account(start, end, proof, title, floor);
    return bytes;
  }
}

/** Bytes that a data block takes up in the image. */
export function packedLength(size: number): number {
  return size & (STORED - 1);
}
