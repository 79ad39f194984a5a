import { Broken, Truncated } from '../../bytes/errors.ts';
import { JoinedSource } from '../../bytes/joined-source.ts';
import type { Range } from '../../bytes/range.ts';
import { Reader } from '../../bytes/reader.ts';
import { type Inflated, inflate } from '../../checks/inflate.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Extent, type ImageHeader, passesOf } from './image-header.ts';

export type Decode = (
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => void,
) => Inflated;

/** PNG §10.1: one zlib stream, cut into chunks. */
export const zlibStream: Decode = inflateZlib;
/** Apple's CgBI variant leaves header and Adler-32 out. */
export const rawStream: Decode = inflate;

/**
 * Decodes the image data of one frame, which stand in `parts`, and checks that they make the rows of the image:
 * their number, their length, and a filter type before each (PNG §7.3, §9). What fails is noted.
 */
export function verifyImageData(
  reader: Reader,
  ledger: Ledger,
  header: ImageHeader,
  extent: Extent,
  parts: readonly Range[],
  decode: Decode,
): void {
  const joined = new JoinedSource(reader.source, parts);
  const rows = new RowCounter(header, extent);
  try {
    const { consumed } = decode(new Reader(joined, reader.meter), 0, joined.size, (output) =>
      rows.take(output),
    );
    rows.end();
    if (rows.surplus > 0)
      ledger.oddity(parts[0]!.start, `${rows.surplus} bytes of image data behind the last row`);
    if (consumed < joined.size)
      ledger.oddity(joined.offsetInWhole(consumed), 'bytes behind the compressed image');
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(inWhole(error, joined));
  }
}

function inWhole(error: Broken, joined: JoinedSource): Broken {
  const at = joined.offsetInWhole(error.at);
  if (error instanceof Truncated)
    return new Broken(at, 'compressed image', 'its end', 'the end of its chunks');
  return new Broken(at, error.what, error.expected, error.actual);
}

/** Follows decoded bytes row by row. */
class RowCounter {
  surplus = 0;
  readonly #bitsPerPixel: number;
  readonly #passes: Extent[];
  #rowsLeft = 0;
  #rowBytes = 0;
  /** Bytes up to the next filter type. */
  #untilRow = 0;

  constructor(header: ImageHeader, extent: Extent) {
    this.#bitsPerPixel = header.bitsPerPixel;
    this.#passes = passesOf(extent, header.isInterlaced);
    this.#startPass();
  }

  /** @throws Broken on a filter type that PNG §9.1 does not know. */
  take(output: Uint8Array): void {
    let at = this.#untilRow;
    for (; at < output.length; at += this.#rowBytes) {
      if (this.#rowsLeft === 0 && !this.#startPass()) {
        this.surplus += output.length - at;
        this.#untilRow = 0;
        return;
      }
      if (output[at]! > 4) throw new Broken(0, 'row filter type', '0 to 4', output[at]);
      this.#rowsLeft--;
    }
    this.#untilRow = at - output.length;
  }

  /** @throws Broken where rows are missing. */
  end(): void {
    if (this.#rowsLeft > 0 || this.#untilRow > 0 || this.#passes.length > 0) {
      throw new Broken(0, 'image rows', 'more rows', `the end, ${this.#rowsLeft} rows early`);
    }
  }

  #startPass(): boolean {
    const pass = this.#passes.shift();
    if (pass === undefined) return false;
    this.#rowsLeft = pass.height;
    this.#rowBytes = 1 + Math.ceil((pass.width * this.#bitsPerPixel) / 8);
    return true;
  }
}
