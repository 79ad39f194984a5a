import { nameOf, type Path } from '../../sources/folders/path.ts';

/** Names that images usually have. */
const image = /\.(?:e01|s01|000|001|raw|dd|img|ima|qcow2?|vmdk|a?vhdx?|vdi|vfd)$/i;
/** Names of the parts that belong to an image of another name: later segments, extents. */
const part =
  /\.(?:e(?:0[2-9]|[1-9]\d)|[e-z][a-z]{2}|s(?:0[2-9]|[1-9]\d)|(?!00[01])\d{3})$|-(?:flat|[fs]\d{3}|delta)\.vmdk$/i;
/** Any file from this size on may be an image, in bytes; smaller ones are known by their names. */
const LEAST_SIZE = 256 << 10;

/** Whether it's worth while to look into a file for an image. */
export function mayBeImage(path: Path, size: number): boolean {
  return size >= LEAST_SIZE || image.test(nameOf(path));
}

/** Whether a file may be a part of an image that is found under another name. */
export function mayBePart(path: Path): boolean {
  return part.test(nameOf(path));
}
