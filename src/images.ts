/** Disk images, read without mounting and without the scanner: `import { openImage } from 'unscathed/images'`. */
export { Broken, OverBudget, ReadError, Truncated } from './bytes/errors.ts';
export type { Range } from './bytes/range.ts';
export type { ByteSource } from './bytes/source.ts';
export type { ReportedExtent } from './report/line.ts';
export { fromBytes, fromText, type Path, toBuffer } from './sources/folders/path.ts';
export { displayText } from './sources/folders/path-text.ts';
export type { Container, ContainerOptions, Notice, Piece } from './sources/images/container.ts';
export type {
  Entry,
  EntryOptions,
  Extent,
  FileSystem,
  KnownVolume,
  SalvagedEntry,
  Salvager,
  Times,
} from './sources/images/file-system.ts';
export { fileSystems, knownVolumes, salvagers } from './sources/images/file-systems/table.ts';
export { type Image, type ImageVolume, openImage, type VolumeContent } from './sources/images/open-image.ts';
export { type Placement, placeExtents } from './sources/images/placement.ts';
export { measureSpace, type SpaceShares } from './sources/images/space.ts';
export type { Volume, VolumeTable } from './sources/images/volumes.ts';
