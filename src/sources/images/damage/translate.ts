import { type Range, union } from '../../../bytes/range.ts';
import type { Container } from '../container.ts';
import { Damage } from '../file-systems/damage.ts';

/** Pieces of a disk that are looked at; a disk of more is too broken to be mapped. */
const MOST_PIECES = 50_000_000;

/**
 * The ranges of a disk that lie in overwritten ranges of the files that hold it, or can't be read at all: a packed
 * block that was hit anywhere is lost as a whole.
 * @param damaged ranges of each file, by its index in `container.files`
 */
export function translateDamage(
  container: Container,
  damaged: ReadonlyMap<number, readonly Range[]>,
): Range[] {
  const damages = new Map([...damaged].map(([file, ranges]) => [file, new Damage(ranges)]));
  const hit: Range[] = [];
  let pieces = 0;
  for (const piece of container.map(0, container.contents.size)) {
    if (++pieces > MOST_PIECES) break;
    if (piece.kind === 'zero') continue;
    if (piece.kind === 'unreadable') hit.push({ start: piece.start, end: piece.end });
    else hit.push(...(damages.get(piece.file)?.inFile([piece]) ?? []));
  }
  return union(hit);
}
