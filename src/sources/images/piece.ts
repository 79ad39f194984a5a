import type { Piece } from './container.ts';

export type CompressedPiece = Extract<Piece, { kind: 'compressed' }>;

/** A piece as one image of a chain knows it: what it doesn't hold is its parent's. */
export type LayerPiece = Piece | { readonly kind: 'parent'; readonly start: number; readonly end: number };

/** The part of a piece inside [start, end); packed ones keep what they are stored in. */
export function cutPiece(piece: LayerPiece, start: number, end: number): LayerPiece {
  const from = Math.max(piece.start, start);
  const to = Math.min(piece.end, end);
  if (piece.kind === 'data') return { ...piece, start: from, end: to, at: piece.at + from - piece.start };
  return { ...piece, start: from, end: to };
}

/** Both as one, if the second goes on where the first ends, in the same way; else null. */
export function joinPieces(first: LayerPiece, second: LayerPiece): LayerPiece | null {
  switch (first.kind) {
    case 'data': {
      if (second.kind !== 'data' || first.file !== second.file) return null;
      return first.at + first.end - first.start === second.at ? { ...first, end: second.end } : null;
    }
    case 'unreadable':
      return second.kind === 'unreadable' && first.why === second.why ? { ...first, end: second.end } : null;
    case 'zero':
    case 'parent':
      return second.kind === first.kind ? { ...first, end: second.end } : null;
    default:
      return null;
  }
}
