import { BeatingSource } from '../../bytes/beating-source.ts';
import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import { FileSource } from '../../bytes/file-source.ts';
import type { Range } from '../../bytes/range.ts';
import { type Path, toSystemPath } from '../../sources/folders/path.ts';
import type { Container } from '../../sources/images/container.ts';
import { findDamage } from '../../sources/images/damage/find-damage.ts';
import { translateDamage } from '../../sources/images/damage/translate.ts';
import { openContainer } from '../../sources/images/open-container.ts';
import { findLostVolumes } from '../../sources/images/volumes/lost-volumes.ts';
import { readVolumes } from '../../sources/images/volumes/read-volumes.ts';
import { packRanges, unpackRanges } from './damage-ranges.ts';
import type { Damage, HitMap, NoImage } from './image-task.ts';

/** The encrypted ranges of an image's disk: those of its file that were given, or those that are found. */
export function mapDamage(path: Path, given: Float64Array | null, beat: () => void): Damage | NoImage {
  try {
    const container = openContainer(path);
    try {
      const damage = damageOfDisk(container, given === null ? null : unpackRanges(given), beat);
      return { kind: 'damage', map: mapHit(container, damage, beat) };
    } finally {
      container.close();
    }
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)
      return { kind: 'no image', why: error.message };
    throw error;
  }
}

/** What the damage left of the division into volumes: a file system that takes the whole disk needs no table. */
export function mapHit(container: Container, damage: readonly Range[], beat: () => void): HitMap {
  const { contents, sectorSize } = container;
  const isLost = damage.length > 0 && readVolumes(contents, sectorSize).scheme === 'none';
  const volumes = isLost ? findLostVolumes(contents, damage, beat) : [];
  return { ranges: packRanges(damage), volumes: volumes.length > 0 ? volumes : null };
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
