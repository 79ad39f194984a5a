import type { CompressedPiece, LayerPiece } from '../../mapped-container.ts';

/** A part of the disk that one file, or none, holds. Pieces count from the extent's own start. */
export interface Extent {
  /** In bytes. */
  readonly size: number;
  /** Bytes of a block, as in `Layer`; none where its sectors follow each other. */
  readonly unit?: number;
  pieceAt(at: number): LayerPiece;
  unpack?(piece: CompressedPiece, into: Uint8Array): number;
}

/** Sectors one behind the other. */
export function flatExtent(size: number, file: number, offset: number): Extent {
  return { size, pieceAt: () => ({ kind: 'data', start: 0, end: size, file, at: offset }) };
}

export function zeroExtent(size: number): Extent {
  return { size, pieceAt: () => ({ kind: 'zero', start: 0, end: size }) };
}

export function lostExtent(size: number, why: string): Extent {
  return { size, pieceAt: () => ({ kind: 'unreadable', start: 0, end: size, why }) };
}
