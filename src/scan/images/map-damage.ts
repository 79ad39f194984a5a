import { BeatingSource } from '../../bytes/beating-source.ts';
import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import { FileSource } from '../../bytes/file-source.ts';
import type { Range } from '../../bytes/range.ts';
import { type Path, toSystemPath } from '../../sources/folders/path.ts';
import type { Container } from '../../sources/images/container.ts';
import { findDamage } from '../../sources/images/damage/find-damage.ts';
import { translateDamage } from '../../sources/images/damage/translate.ts';
import { openContainer } from '../../sources/images/open-container.ts';
import { packRanges, unpackRanges } from './damage-ranges.ts';
import type { Damage, NoImage } from './image-task.ts';

/** The encrypted ranges of an image's disk: those of its file that were given, or those that are found. */
export function mapDamage(path: Path, given: Float64Array | null, beat: () => void): Damage | NoImage {
  try {
    const container = openContainer(path);
    try {
      const ranges = damageOfDisk(container, given === null ? null : unpackRanges(given), beat);
      return { kind: 'damage', ranges: packRanges(ranges) };
    } finally {
      container.close();
    }
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)
      return { kind: 'no image', why: error.message };
    throw error;
  }
}

/** @throws ReadError */
export function damageOfDisk(
  container: Container,
  given: readonly Range[] | null,
  beat: () => void,
): readonly Range[] {
  const ofFiles = new Map<number, readonly Range[]>(given === null ? [] : [[0, given]]);
  if (given === null)
    for (const [i, path] of container.files.entries()) ofFiles.set(i, findInFile(path, beat));
  return translateDamage(container, ofFiles);
}

function findInFile(path: Path, beat: () => void): readonly Range[] {
  const source = new BeatingSource(new FileSource(toSystemPath(path)), beat);
  try {
    return findDamage(source).damaged;
  } finally {
    source.close();
  }
}
