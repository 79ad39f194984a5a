import { FileSource } from '../../../bytes/file-source.ts';
import type { Range } from '../../../bytes/range.ts';
import { type Path, toSystemPath } from '../../folders/path.ts';
import type { Container } from '../container.ts';
import { type DamageMap, type DamageOptions, findDamage } from './find-damage.ts';
import { translateDamage } from './translate.ts';

export interface ImageDamage {
  /** What was seen in each file of the image. */
  readonly files: readonly { readonly path: Path; readonly map: DamageMap }[];
  /** Ranges of the disk that were overwritten, or can't be read. */
  readonly damaged: readonly Range[];
}

/**
 * Which ranges of an image's disk were overwritten by random bytes, without being told: each of its files is looked
 * through as it is stored, and what's found is brought to the disk by the container's map.
 * @throws ReadError when a file can't be opened
 */
export function findImageDamage(container: Container, options: DamageOptions = {}): ImageDamage {
  const files = container.files.map((path) => ({ path, map: mapFile(path, options) }));
  const ranges = new Map(files.map(({ map }, i) => [i, map.damaged] as const));
  return { files, damaged: translateDamage(container, ranges) };
}

function mapFile(path: Path, options: DamageOptions): DamageMap {
  const source = new FileSource(toSystemPath(path));
  try {
    return findDamage(source, options);
  } finally {
    source.close();
  }
}
