import { lastAtMost } from '../../../../bytes/search.ts';
import type { CompressedPiece, Layer, LayerPiece } from '../../mapped-container.ts';
import { checkDiskSize } from '../../size-limit.ts';
import type { Extent } from './extent.ts';

/** Where nothing can be read, as many bytes are passed over at once, however small the grains are said to be. */
const LEAST_UNIT = 64 << 10;

/** Extents, one behind the other. */
export class VmdkLayer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #extents: readonly Extent[];
  readonly #starts: Float64Array;

  /** @throws Broken when they are too long together */
  constructor(extents: readonly Extent[]) {
    this.#extents = extents.filter(({ size }) => size > 0);
    this.#starts = new Float64Array(this.#extents.length);
    this.unit = Math.max(LEAST_UNIT, ...extents.map(({ unit }) => unit ?? 0));
    let size = 0;
    for (const [i, extent] of this.#extents.entries()) {
      this.#starts[i] = size;
      size += extent.size;
    }
    this.size = checkDiskSize(size, 0);
  }

  pieceAt(at: number): LayerPiece {
    const index = lastAtMost(this.#starts, at);
    const start = this.#starts[index]!;
    return shift(this.#extents[index]!.pieceAt(at - start), start);
  }

  unpack(piece: CompressedPiece, into: Uint8Array): number {
    const index = lastAtMost(this.#starts, piece.start);
    const start = this.#starts[index]!;
    return this.#extents[index]!.unpack!(shift(piece, -start) as CompressedPiece, into);
  }
}

function shift(piece: LayerPiece, by: number): LayerPiece {
  return by === 0 ? piece : { ...piece, start: piece.start + by, end: piece.end + by };
}
