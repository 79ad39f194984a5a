import { Broken } from '../../bytes/errors.ts';
import { countIn, type Dictionary } from './values.ts';

/** Samples of one row as /DecodeParms describe them (ISO 32000-1 table 8). */
export interface RowLayout {
  readonly predictor: number;
  /** Bytes of one row without the PNG tag. */
  readonly rowBytes: number;
  /** Bytes of one pixel, at least 1. */
  readonly pixelBytes: number;
}

export function rowLayoutOf(parameters: Dictionary): RowLayout {
  const colors = countIn(parameters, 'Colors') ?? 1;
  const bits = countIn(parameters, 'BitsPerComponent') ?? 8;
  const columns = countIn(parameters, 'Columns') ?? 1;
  return {
    predictor: countIn(parameters, 'Predictor') ?? 1,
    rowBytes: Math.max(1, Math.ceil((colors * bits * columns) / 8)),
    pixelBytes: Math.max(1, Math.ceil((colors * bits) / 8)),
  };
}

/**
 * Undoes the PNG predictors (ISO 32000-1 §7.4.4.4; W3C PNG §9) in a copy.
 * @throws Broken at a row tag above 4, or when the rows don't fill the data
 */
export function undoPredictor(bytes: Uint8Array, { predictor, rowBytes, pixelBytes }: RowLayout): Uint8Array {
  if (predictor < 10) return bytes;
  const rows = Math.ceil(bytes.length / (rowBytes + 1));
  const plain = new Uint8Array(Math.max(0, bytes.length - rows));
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const tag = bytes[from]!;
    if (tag > 4) throw new Broken(from, 'row predictor', '0 to 4', tag);
    const source = bytes.subarray(from + 1, from + 1 + rowBytes);
    const at = row * rowBytes;
    const above = row === 0 ? new Uint8Array(rowBytes) : plain.subarray(at - rowBytes, at);
    undoRow(tag, source, plain.subarray(at, at + source.length), above, pixelBytes);
  }
  return plain;
}

function undoRow(tag: number, row: Uint8Array, out: Uint8Array, above: Uint8Array, step: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i >= step ? out[i - step]! : 0;
    const up = above[i]!;
    out[i] = row[i]! + predict(tag, left, up, i >= step ? above[i - step]! : 0);
  }
}

function predict(tag: number, left: number, up: number, corner: number): number {
  if (tag === 1) return left;
  if (tag === 2) return up;
  if (tag === 3) return (left + up) >> 1;
  if (tag === 0) return 0;
  const guess = left + up - corner;
  const toLeft = Math.abs(guess - left);
  const toUp = Math.abs(guess - up);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
